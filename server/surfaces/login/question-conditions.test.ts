import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import type { Condition } from '../../../contract/conditions.ts';
import { askFor } from '../../../test/consents.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { allow } from '../../features/consents/consents.ts';
import { countCustomersWhere, lastSignIn, learn, subjectsOf } from '../../features/customers/customers.ts';
import { addTags } from '../../features/notes/notes.ts';
import { audienceOf, getQuestion, removeQuestion, toLive } from '../../features/questions/questions.ts';
import { conditionFields } from '../management/user-conditions.ts';

const world = await openWorld();
const { base } = world;
after(() => world.close());
await pauseFor(base, 0);
const brand = await brandBySlug(base.db, 'lumiere');
assert.ok(brand);

let live: string[] = [];
afterEach(async () => {
  for (const id of live) await removeQuestion(base, id);
  live = [];
  await base.settings.refresh();
});

const password = 'correct horse battery';
const job = { type: 'text', key: 'job', labels: { en: 'Your job?' }, path: 'user_metadata.job' };

async function ask(when: Condition, more: object = {}): Promise<string> {
  const id = await askLive(base, { name: 'Job', content: contentOf([job], { when, ...more }) });
  live.push(id);
  return id;
}

async function newcomer(name: string) {
  const email = `${name}@example.com`;
  await signUp(world, world.browser(), email, password);
  const customer = await world.customer(email);
  const isAsked = async () =>
    (await signIn(world, world.browser(), email, password)).url.pathname.endsWith('/question');
  return { customer, isAsked };
}

const is = (attribute: string, value: string): Condition => ({ attribute, is: 'equals', value });

test('brands, connections, tags and consents mean in a condition the same when it is saved and at a sign-in', async () => {
  const { customer, isAsked } = await newcomer('sets');
  const consent = await askFor(base, {
    brand: brand.id,
    purpose: 'email',
    at_sign_up: false,
    in_journey: false,
    texts: { en: { label: 'Mail me.' } },
  });
  const said = {
    customer: customer.id,
    subject: (await subjectsOf(base.db, customer.id))[0] ?? '',
    source: 'account',
    ip: null,
    at: new Date(),
  } as const;
  const telling = { ...said, portal: null, post: async () => undefined };
  await allow(base, telling, { consent, version: '1', language: 'en', brand });
  await addTags(base.db, customer.id, { kind: 'staff', id: 'auth0|staff', name: null }, ['regular']);
  const holding = [
    is('brand', 'lumiere'),
    is('connection', 'Username-Password-Authentication'),
    is('tag', 'regular'),
    is('consent', 'lumiere:email'),
  ];
  for (const when of holding) {
    const id = await ask(when);
    assert.equal(await countOf(id, customer.user_id), 1, JSON.stringify(when));
    assert.equal(await isAsked(), true, JSON.stringify(when));
    await removeQuestion(base, live.pop() ?? '');
    const other = await ask({ not: when });
    assert.equal(await countOf(other, customer.user_id), 0, JSON.stringify({ not: when }));
    assert.equal(await isAsked(), false, JSON.stringify({ not: when }));
    await removeQuestion(base, live.pop() ?? '');
  }
});

test('who was never asked what they are called is asked, and is not shown their address for it', async () => {
  const { customer, isAsked } = await newcomer('nameless');
  const name = { type: 'text', key: 'name', labels: { en: 'Your name?' }, path: 'name', confirm_below: 1 };
  live.push(await askLive(base, { name: 'Name', content: contentOf([name]) }));
  const page = await signIn(world, world.browser(), 'nameless@example.com', password);
  assert.ok(page.url.pathname.endsWith('/question'), page.url.href);
  assert.doesNotMatch(page.text, /Is this right|nameless@/);
  const [subject = ''] = await subjectsOf(base.db, customer.id);
  await learn(base.db, subject, [{ path: 'name', value: 'Ada', source: 'customer', origin: 'test', at: new Date() }]);
  assert.equal(await isAsked(), false);
});

/** Is this customer in the question's audience? */
async function countOf(id: string, userId: string): Promise<number> {
  const question = toLive(await getQuestion(base.db, id));
  assert.ok(question);
  const both = { all: [...(question.content.when ? [question.content.when] : []), is('user_id', userId)] };
  const fields = await conditionFields(base, () => true, null);
  const narrowed = { ...question, content: { ...question.content, when: both } };
  const where = audienceOf(narrowed, {
    brands: null,
    entries: [],
    sensitive: new Set<string>(),
    mayAsk: () => true,
    fields,
    last: lastSignIn(null),
    pauseDays: 0,
    at: new Date(),
    of: 'all',
  });
  return (await countCustomersWhere(base.db, where, { exact: true })).count;
}
