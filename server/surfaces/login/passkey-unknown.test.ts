import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import pg from 'pg';
import { z } from 'zod';
import { type Authenticator, createAuthenticator, type Lies } from '../../../test/authenticator.ts';
import { addPasskey, getOptionsOf } from '../../../test/passkey-steps.ts';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';

// A passkey that nobody has against one that does not sign as it should: what is told and what is done, not the clock.

const world = await openWorld();
after(() => world.close());
const text = z.string().optional();
const named = z.object({ statement: text, name: text, text });

/** Sends an answer of these keys with these lies: what is told, and all that was done for it. */
async function tell(keys: Authenticator, lies: Lies) {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const token = page.forms.find(({ action }) => action === 'passkey')?.fields.token ?? '';
  const credential = keys.get(await getOptionsOf(browser, page), lies);
  const sent = mock.method(pg.Client.prototype, 'query');
  const verified = mock.method(globalThis.crypto.subtle, 'verify');
  try {
    const body = new URLSearchParams({ token, credential });
    const headers = { origin: world.url };
    const answer = await browser.send(new URL('passkey', page.url), { method: 'POST', headers, body });
    const html = await answer.text();
    return {
      told: {
        status: answer.status,
        // Of each flow its own; the remaining tries are fewer each time.
        html: html.replaceAll(token, 'token').replaceAll(page.url.pathname.split('/')[2] ?? '', 'flow'),
        headers: [...answer.headers].filter(([name]) => !/^(date|x-ratelimit-(remaining|reset))$/.test(name)),
      },
      done: {
        statements: sent.mock.calls.map((call) => nameOf(call.arguments[0])),
        signatures: verified.mock.callCount(),
      },
    };
  } finally {
    sent.mock.restore();
    verified.mock.restore();
  }
}

/** Which statement this is, as the driver takes it: by its name where it has one, else by its words. */
function nameOf(sent: unknown): string {
  const { statement, name, text } = named.parse(typeof sent === 'string' ? { text: sent } : sent);
  return statement ?? name ?? text ?? assert.fail('a statement that cannot be told from others');
}

test('security row 19: an unknown passkey gets the answer, the statements and the check that a wrong signature gets', async () => {
  const keys = createAuthenticator(world.url);
  const browser = world.browser();
  await signUp(world, browser, 'same-work@example.com', 'correct horse battery');
  await addPasskey(world, browser, keys);
  const unknown = { credentialId: 'AAAAAAAAAAAAAAAAAAAAAA' };
  const seen = [];
  for (const lies of [{ forged: true }, unknown, { ...unknown, forged: true }]) {
    const tries = [];
    // The fewest statements of three: what is looked at every second comes in between, what is kept is read once.
    for (let times = 0; times < 3; times += 1) tries.push(await tell(keys, lies));
    tries.sort((one, other) => one.done.statements.length - other.done.statements.length);
    seen.push(tries[0] ?? assert.fail());
  }
  const [wrong, ...others] = seen;
  assert.ok(wrong);
  assert.equal(wrong.told.status, 403);
  assert.match(wrong.told.html, /This passkey does not open an account here/);
  assert.equal(wrong.done.signatures, 1);
  assert.ok(wrong.done.statements.length > 5, 'what is sent is seen');
  for (const other of others) assert.deepEqual(other, wrong);
});
