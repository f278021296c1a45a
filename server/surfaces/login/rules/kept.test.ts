import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openRuleScene, type RuleScene } from '../../../../test/rule-scene.ts';
import { signUp } from '../../../../test/sign-in-world.ts';
import { brandBySlug } from '../../../features/brands/brands.ts';
import { give } from '../../../features/consents/consents.ts';
import { identitiesOf } from '../../../features/customers/customers.ts';
import { askAhead } from './kept.ts';

let scene: RuleScene;
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
});
after(() => scene.close());

const password = 'a long enough phrase';

test('by a session, too, code is told what the customer allows and how they can sign in as it is at that moment', async () => {
  const { db } = scene.base;
  const browser = scene.browser();
  await signUp(scene, browser, 'kept@example.com', password);
  await signUp(scene, scene.browser(), 'other@example.com', password);
  const customer = await scene.customer('kept@example.com');
  const subject = (await identitiesOf(db, customer.id))[0]?.subject ?? '';
  const brand = (await brandBySlug(db, 'lumiere'))?.id ?? null;
  const said = { subject, brand, purpose: 'email', version: '1', wording: 'Mail me.', language: 'en' } as const;
  await scene.rule(`function (user, context, callback) {
    const said = context.consents.map(({ purpose, state }) => purpose + ' ' + state);
    const ways = user.identities.map(({ provider, user_id }) => provider + '|' + user_id);
    context.idToken['https://shop.example/kept'] = [...said, ...ways];
    callback(null, user, context);
  }`);
  const toldBySession = async () => {
    const { claims } = await scene.tokens(await browser.open(scene.door('lumiere')));
    return claims['https://shop.example/kept'];
  };
  const way = customer.user_id;
  assert.deepEqual(await toldBySession(), [way]);
  await give(db, { ...said, given: true, source: 'account', at: new Date() });
  assert.deepEqual(await toldBySession(), ['email given', way]);
  await give(db, { ...said, given: false, source: 'account', at: new Date() });
  assert.deepEqual(await toldBySession(), ['email withdrawn', way]);
  const other = await scene.customer('other@example.com');
  await scene.api('POST', `/users/${encodeURIComponent(customer.user_id)}/identities`, {
    provider: 'auth0',
    user_id: other.user_id.replace('auth0|', ''),
  });
  assert.deepEqual(await toldBySession(), ['email withdrawn', way, other.user_id]);
});

test('what is asked ahead is asked for nobody, too, only where code is on, and a failure is for who waits alone', async () => {
  const failing = await askAhead(scene.base, 'no id of a customer');
  for (let turns = 0; turns < 100; turns += 1) await turn();
  assert.ok(failing);
  await assert.rejects(failing.kept());
  const nobody = await askAhead(scene.base);
  assert.deepEqual(await nobody?.kept(), { identities: [], consents: [] });
  await scene.noRules();
  assert.equal(await askAhead(scene.base), undefined);
});
