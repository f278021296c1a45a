import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, beforeEach, mock, test } from 'node:test';
import { list, type ManagementTest, managementTest, object } from '../../../test/management.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());
beforeEach(() => mock.timers.reset());

type Key = { kid: string; cert: string; [name: string]: unknown };
const keys = async (): Promise<Key[]> =>
  list(await api.call('GET', '/keys/signing')).map((one) => ({ kid: '', cert: '', ...Object(one) }));

test('keys are listed with certificate and standing, and nothing secret', async () => {
  const [current, next, ...others] = await keys();
  assert.ok(current?.current && next?.next && others.length === 0);
  assert.ok(!('current_since' in next), 'when it signs is not settled');
  const certificate = new X509Certificate(current.cert);
  assert.equal(certificate.fingerprint, current.fingerprint);
  assert.equal(certificate.fingerprint.replaceAll(':', ''), current.thumbprint);
  assert.ok(!JSON.stringify(await keys()).includes('PRIVATE'));
  await api.run({ name: 'one', call: ['GET', `/keys/signing/${current.kid}`], status: 200, reply: current });
  await api.run({ name: 'none', call: ['GET', '/keys/signing/x'], status: 404 });
});

test('a young key waits its day; told to sign at once it does; the key before it can be revoked, the current cannot', async () => {
  const [current, next] = await keys();
  assert.ok(current && next);
  const waiting = object(await api.call('POST', '/keys/signing/rotate'));
  assert.equal(waiting.kid, next.kid);
  assert.ok(new Date(String(waiting.signs_at)).getTime() > Date.now() + 23 * 3600_000);
  assert.equal((await keys())[1]?.current_since, waiting.signs_at);
  assert.equal((await keys())[0]?.kid, current.kid, 'and goes on signing until then');

  const done = object(await api.call('POST', '/keys/signing/rotate?at_once=true'));
  assert.equal(done.kid, next.kid);
  const [signing, following, before] = await keys();
  assert.deepEqual([signing?.kid, before?.kid], [next.kid, current.kid]);
  assert.ok(following?.next && !('current_since' in following), 'what waited is no longer waited for');

  await api.run({
    name: 'the current one',
    call: ['PUT', `/keys/signing/${next.kid}/revoke`],
    status: 409,
    reply: { errorCode: 'current_key' },
  });
  const revoke = ['PUT', `/keys/signing/${current.kid}/revoke`] as const;
  await api.run({ name: 'the previous one', call: [...revoke], status: 200, reply: { kid: current.kid } });
  await api.run({ name: 'again', call: [...revoke], status: 200 });
  const revoked = (await keys()).find(({ kid }) => kid === current.kid);
  assert.ok(revoked?.revoked && revoked.revoked_at);
  await api.run({ name: 'none', call: ['PUT', '/keys/signing/x/revoke'], status: 404 });
});

test('a key that has been published for a day signs when it is told', async () => {
  const next = (await keys()).find((key) => key.next);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 25 * 3600_000 });
  const bearer = { authorization: `Bearer ${await api.token()}` };
  const answer = await api.send('POST', '/keys/signing/rotate', { headers: bearer });
  assert.equal(answer.status, 201);
  assert.equal(object(answer).kid, next?.kid);
  assert.equal((await keys())[0]?.kid, next?.kid);
});
