import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import * as actions from './actions.ts';

const base = await testBase();
after(() => base.close());
afterEach(async () => {
  for (const trigger of ['post-login', 'credentials-exchange'] as const)
    await actions.changeBindings(base, trigger, []);
});

const handlers = {
  'post-login': 'onExecutePostLogin',
  'credentials-exchange': 'onExecuteCredentialsExchange',
} as const;
const form = { id: '5b8e0f0e-6c4f-4f43-8d0b-0a8f8f3f8a11', name: 'more' };

/** How the second action ran that begins behind one that calls this, and how often. */
async function behind(trigger: keyof typeof handlers, body: string) {
  const asAction = (code: string) => `exports.${handlers[trigger]} = async (event, api) => { ${code} };`;
  await bindActions(base, trigger, [
    { code: asAction(`api.cache.get('x'); ${body}`), on_failure: 'go_on' },
    { code: asAction(`await fetch('http://one.test/'); console.log('ran');`), on_failure: 'go_on' },
  ]);
  const asked: unknown[] = [];
  const host: actions.TriggerRun['host'] = async (_, argument) => {
    asked.push(argument);
    return { status: 200, statusText: 'OK', headers: [], body: '' };
  };
  const run = { event: { user: { user_id: 'auth0|1' } }, host };
  const outcome =
    trigger === 'post-login'
      ? await actions.runPostLogin(base, { ...run, canRedirect: true, executedRules: [], forms: async () => [form] })
      : await actions.runCredentialsExchange(base, run);
  return { error: outcome?.runs[0]?.error, second: outcome?.runs[1], asked: asked.length };
}

const many = (count: number, one: string) => `Array.from({ length: ${count} }, (_, at) => ${one})`;
for (const [trigger, call, told] of [
  ['post-login', `api.transaction.setMetadata('score', NaN)`, /finite/],
  ['post-login', `api.transaction.setMetadata('score', Infinity)`, /finite/],
  ['post-login', `api.transaction.setMetadata('score', 5n)`, /finite/],
  ['post-login', `api.authentication.challengeWithAny(${many(21, "({ type: 'otp' })")})`, /20 factors at most/],
  ['post-login', `api.authentication.enrollWithAny(${many(21, "({ type: 'otp' })")})`, /20 factors at most/],
  [
    'post-login',
    `api.authentication.challengeWith({ type: 'otp' }, { additionalFactors: ${many(20, "({ type: 'otp' })")} })`,
    /20 factors at most/,
  ],
  ['post-login', `api.authentication.enrollWith({ type: 'otp' }, { additionalFactors: 5 })`, /a list/],
  ['post-login', `api.prompt.render('more', { fields: { ['x'.repeat(301)]: 1 } })`, /300 characters/],
  ['post-login', `api.prompt.render('more', { vars: { ['x'.repeat(301)]: 1 } })`, /300 characters/],
  ['post-login', `api.user.setAppMetadata('a', 5n)`, /must be JSON/],
  ['post-login', `api.user.setUserMetadata('a', (() => { const a = {}; a.a = a; return a; })())`, /must be JSON/],
  ['post-login', `api.idToken.setCustomClaim('a', Symbol('a'))`, /must be JSON/],
  ['post-login', `api.redirect.sendUserTo('nowhere')`, /is no address/],
  ['post-login', `api.redirect.sendUserTo('ftp://one.test/')`, /http or https/],
  ['post-login', `api.redirect.sendUserTo('https://user:pw@one.test/')`, /no name or password/],
  ['post-login', `api.idToken.setCustomClaim('a', 'x'.repeat(100000))`, /more than 100000 characters/],
  [
    'post-login',
    `api.accessToken.setCustomClaim('a', 'x'.repeat(60000)).accessToken.setCustomClaim('b', 'x'.repeat(60000))`,
    /more than 100000 characters/,
  ],
  ['post-login', `api.redirect.encodeToken({ secret: 'k', payload: 'text' })`, /must be an object/],
  ['post-login', `api.redirect.encodeToken({ secret: 'k', payload: { a: 'a'.repeat(2 ** 14) } })`, /more than 16384/],
  ['post-login', `api.redirect.encodeToken({ secret: 'k', expiresInSeconds: Infinity })`, /from 1 to 86400/],
  ['post-login', `api.redirect.encodeToken({ secret: 'k', expiresInSeconds: 1e300 })`, /from 1 to 86400/],
  ['post-login', `api.redirect.encodeToken({ secret: 'k', expiresInSeconds: 0.5 })`, /from 1 to 86400/],
  ['post-login', `api.redirect.encodeToken({ secret: 'k', expiresInSeconds: 0 })`, /from 1 to 86400/],
  ['credentials-exchange', `api.transaction.setTargetScopes(${many(1001, "'s' + at")})`, /more than 1000 scopes/],
  ['credentials-exchange', `api.transaction.setTargetScopes(['x'.repeat(301)])`, /more than 300 characters/],
  ['credentials-exchange', `api.transaction.setTargetScopes('read')`, /list of texts/],
  ['credentials-exchange', `api.transaction.addTargetScope(5)`, /must be a text/],
] as const) {
  test(`${call} fails its action with the name of the member, and nothing behind it runs twice`, async () => {
    const { error, second, asked } = await behind(trigger, `${call};`);
    assert.match(error?.message ?? 'it did not fail', told);
    assert.equal(error?.message.split(':')[0], call.split('(')[0]);
    assert.deepEqual([second?.error, asked], [undefined, 1]);
  });
}

for (const [what, trigger, body, told] of [
  [
    'more than a run may tell',
    'post-login',
    `for (let at = 0; at < 999; at++) api.user.setAppMetadata('k' + at, 'x'.repeat(60000));`,
    /^api\.\w+\.\w+: The actions ask for too much/,
  ],
  [
    'long claims',
    'credentials-exchange',
    `for (let at = 0; at < 99; at++) api.accessToken.setCustomClaim('k' + at, 'x'.repeat(9e4));`,
    /^api\.accessToken\.setCustomClaim: The claims of a token take more than 100000 characters/,
  ],
] as const) {
  test(`an action that asks for ${what} has failed itself, and nothing behind it runs twice`, async () => {
    const { error, second, asked } = await behind(trigger, body);
    assert.match(error?.message ?? 'it did not fail', told);
    assert.deepEqual([second?.error, asked], [undefined, 1]);
  });
}

for (const [what, trigger, body] of [
  [
    'metadata of the transaction',
    'post-login',
    `event.transaction.metadata.own = { a: NaN }; api.transaction.setMetadata('a', 1);`,
  ],
  [
    'claims',
    'credentials-exchange',
    `event.accessToken.customClaims.toJSON = () => 5; api.accessToken.setCustomClaim('a', 1);`,
  ],
  ['scopes', 'credentials-exchange', `event.transaction.target_scopes.push(5); api.transaction.addTargetScope('a');`],
  [
    'what is cached for a moment',
    'post-login',
    `for (let at = 0; at < 130; at++) { api.cache.set('k' + at, 'v', { ttl: 1 }); const from = Date.now(); while (Date.now() < from + 2); }`,
  ],
] as const) {
  test(`what an action does to ${what} in its event breaks nothing`, async () => {
    const { error, second, asked } = await behind(trigger, body);
    assert.deepEqual([error, second?.error, asked], [undefined, undefined, 1]);
  });
}

for (const [what, thrown] of [
  ['a long message and a cause', `new Error('x'.repeat(1000), { cause: new Error('y'.repeat(600)) })`],
  [
    'a line that is none',
    `Object.assign(new Error('a'), { stack: 'x'.repeat(5) + ' at action (' + /\\(([^()]*\\.js):/.exec(new Error().stack)[1] + ':99999999999999999999999:1)' })`,
  ],
] as const) {
  test(`an action that fails with ${what} has failed, and nothing behind it runs twice`, async () => {
    const { error, second, asked } = await behind('post-login', `throw ${thrown};`);
    assert.equal(error?.name, 'Error');
    assert.deepEqual([second?.error, asked], [undefined, 1]);
  });
}
