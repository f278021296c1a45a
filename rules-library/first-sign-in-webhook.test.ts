import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { firstSignInWebhook, firstSignInWebhookSource } from './first-sign-in-webhook.ts';
import { runRule } from './test-run-rule.ts';

const settings = { address: 'https://hooks.example/new', secret: 'a secret of sixteen' };
const user = { email: 'sofia@example.com', name: 'Sofia', phone_number: '+49 170 1' };

test('at the first sign-in, and only then, it is told what the form names', async () => {
  const context = { stats: { loginsCount: 1 }, brand: { id: '1', name: 'Lumière' }, clientID: 'shop', connection: 'x' };
  const { called } = await runRule(firstSignInWebhook, { user, context, settings });
  const [call] = called;
  assert.equal(called.length, 1);
  const { at, ...told } = call?.argument ?? {};
  assert.ok(Date.parse(String(at)) > 0);
  assert.deepEqual(told, {
    event: 'first_sign_in',
    user: { user_id: 'auth0|1', email: 'sofia@example.com', name: 'Sofia' },
    brand: { id: '1', name: 'Lumière' },
    portal: 'shop',
    connection: 'x',
  });
  const second = await runRule(firstSignInWebhook, { user, context: { stats: { loginsCount: 2 } }, settings });
  assert.deepEqual(second.called, []);
});

test('a secret that is too short is told in plain words', () => {
  const parse = () => firstSignInWebhookSource.settings.parse({ ...settings, secret: 'short' });
  assert.throws(parse, /It has at least 16 characters\./);
});

test('the body is signed; whoever knows the secret can check it', () => {
  const parsed = firstSignInWebhookSource.settings.parse(settings);
  const { method, url, headers, body = '' } = firstSignInWebhookSource.request(parsed, { event: 'first_sign_in' });
  assert.deepEqual([method, url, body], ['POST', settings.address, '{"event":"first_sign_in"}']);
  const signature = createHmac('sha256', settings.secret).update(body).digest('hex');
  assert.equal(headers['x-regulars-signature'], `sha256=${signature}`);
  assert.deepEqual(firstSignInWebhookSource.again(parsed), { hitDays: null, missDays: null, leastHours: null });
});

test('a 2xx is taken, other answers in the 400s never will be, the rest may be later', () => {
  const parsed = firstSignInWebhookSource.settings.parse(settings);
  const read = (status: number) =>
    firstSignInWebhookSource.read(parsed, { status, json: null, headers: new Headers() });
  for (const status of [200, 202, 204]) assert.deepEqual(read(status), { status: 'hit', facts: [] });
  for (const status of [301, 400, 404, 410])
    assert.partialDeepStrictEqual(read(status), { status: 'failed', final: true });
  for (const status of [408, 429, 500, 503]) assert.equal('final' in read(status), false);
});
