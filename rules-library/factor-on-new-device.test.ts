import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factorOnNewDevice } from './factor-on-new-device.ts';
import { runRule } from './test-run-rule.ts';

async function factor(context: object, settings = {}): Promise<unknown> {
  return (await runRule(factorOnNewDevice, { context: { ...context }, settings })).context.multifactor;
}

const asked = { provider: 'any', allowRememberBrowser: true };

test('a new device, a new place or a journey too fast asks for a second factor', async () => {
  assert.deepEqual(await factor({ device: { id: 'x', new: true } }), asked);
  assert.deepEqual(await factor({ device: { new: false }, signals: { new_place: true } }), asked);
  assert.deepEqual(await factor({ signals: { impossible_travel: { kilometres: 9000, hours: 1 } } }), asked);
  assert.deepEqual(await factor({ device: { new: true } }, { remember: false }), {
    ...asked,
    allowRememberBrowser: false,
  });
});

test('a form of a portal’s own tells no device: each sign-in by it is asked but the first', async () => {
  const protocol = 'oauth2-password';
  assert.deepEqual(await factor({ protocol, stats: { loginsCount: 2 } }), asked);
  assert.equal(await factor({ protocol, stats: { loginsCount: 1 } }), undefined);
  assert.equal(await factor({ protocol, stats: { loginsCount: 2 } }, { withoutDevice: false }), undefined);
  assert.equal(await factor({ protocol: 'oauth2-refresh-token', stats: { loginsCount: 2 } }), undefined);
});

test('a known device at a known place does not, nor a first sign-in, nor a place where the form says so', async () => {
  for (const context of [{ device: { new: false }, signals: {} }, { device: { id: 'x' } }, {}]) {
    assert.equal(await factor(context), undefined);
  }
  assert.equal(await factor({ signals: { new_place: true } }, { newPlace: false }), undefined);
});
