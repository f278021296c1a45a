import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import fc from 'fast-check';
import { usedPasskey } from '../../../contract/passkeys.ts';
import { createAuthenticator, type Lies } from '../../../test/authenticator.ts';
import { checkAssertion, readClientData } from './passkey-assertion.ts';

const [origin, rpId] = ['https://login.example', 'login.example'];
const algorithms = ['ES256', 'RS256', 'EdDSA'] as const;
const challenge = Buffer.from('a challenge').toString('base64url');

const authenticators = algorithms.map((algorithm) => {
  const authenticator = createAuthenticator(origin, { algorithm });
  authenticator.create({ challenge, rp: { id: rpId }, user: { id: 'c29tZWJvZHk' } });
  const publicKey = Buffer.from(authenticator.kept[0]?.publicKey ?? '', 'base64url');
  return { algorithm, authenticator, publicKey };
});

type Made = (typeof authenticators)[number];

function answerOf({ authenticator }: Made, lies?: Lies) {
  return usedPasskey.parse(JSON.parse(authenticator.get({ challenge, rpId }, lies)));
}

/** Does the library find it right? */
async function isRightToLibrary(used: ReturnType<typeof answerOf>, publicKey: Buffer, verified: boolean) {
  const result = await verifyAuthenticationResponse({
    response: { ...used, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: verified,
    credential: { id: used.id, publicKey: new Uint8Array(publicKey), counter: 0 },
  }).catch(() => undefined);
  return result?.verified === true;
}

test('a right answer says its counter, and whether somebody was verified', () => {
  for (const made of authenticators) {
    const check = (lies: Lies, verified: boolean) => {
      const { response } = answerOf(made, lies);
      const said = readClientData(response.clientDataJSON);
      return said && checkAssertion(response, said, { publicKey: made.publicKey, origin, rpId, verified });
    };
    assert.deepEqual(check({ counter: 7 }, true), { counter: 7, userVerified: true }, made.algorithm);
    assert.deepEqual(check({ verified: false }, false), { counter: 0, userVerified: false });
    assert.deepEqual(check({ verified: false }, true), { why: 'the authenticator did not verify who holds it' });
  }
});

test('each lie is told by its own name', () => {
  const lies: [Lies, string][] = [
    [{ type: 'webauthn.create' }, 'the answer to something else'],
    [{ origin: 'https://evil.example' }, 'used at another site'],
    [{ origin: 'https://login.example.evil.example' }, 'used at another site'],
    [{ origin: 'http://login.example' }, 'used at another site'],
    [{ crossOrigin: true }, 'used inside a page of another site'],
    [{ topOrigin: 'https://evil.example' }, 'used inside a page of another site'],
    [{ copied: true }, 'kept on several devices, though it cannot be'],
    [{ rpId: 'evil.example' }, 'a passkey of another site'],
    [{ present: false }, 'nobody was there'],
    [{ forged: true }, 'the signature is not right'],
  ];
  for (const made of authenticators) {
    for (const [lie, why] of lies) {
      const { response } = answerOf(made, lie);
      const said = readClientData(response.clientDataJSON) ?? assert.fail('unreadable');
      const result = checkAssertion(response, said, { publicKey: made.publicKey, origin, rpId, verified: false });
      assert.deepEqual(result, { why }, `${made.algorithm} ${JSON.stringify(lie)}`);
    }
  }
});

test('the key of one signs nothing for another, of its kind or not', () => {
  const others = algorithms.map((algorithm) => {
    const other = createAuthenticator(origin, { algorithm });
    other.create({ challenge, rp: { id: rpId }, user: { id: 'c29tZWJvZHk' } });
    return Buffer.from(other.kept[0]?.publicKey ?? '', 'base64url');
  });
  for (const made of authenticators) {
    const { response } = answerOf(made);
    const said = readClientData(response.clientDataJSON) ?? assert.fail('unreadable');
    for (const publicKey of [...others, Buffer.alloc(0), Buffer.from('a0', 'hex'), Buffer.from('80', 'hex')]) {
      assert.ok('why' in checkAssertion(response, said, { publicKey, origin, rpId, verified: false }));
    }
  }
});

test('what is damaged anywhere is refused', () => {
  const how = fc.oneof(
    fc.record({ flip: fc.integer({ min: 1, max: 255 }) }),
    fc.constant('cut' as const),
    fc.record({ add: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
  );
  const field = fc.constantFrom('clientDataJSON' as const, 'authenticatorData' as const, 'signature' as const);
  const change = fc.record({ made: fc.constantFrom(...authenticators), field, place: fc.nat(), how });
  fc.assert(
    fc.property(change, ({ made, field, place, how }) => {
      const { response } = answerOf(made);
      const bytes = Buffer.from(response[field], 'base64url');
      const at = place % bytes.length;
      if (how !== 'cut' && 'flip' in how) bytes[at] = (bytes[at] ?? 0) ^ how.flip;
      const changed = how === 'cut' ? bytes.subarray(0, at) : 'add' in how ? Buffer.concat([bytes, how.add]) : bytes;
      const damaged = { ...response, [field]: changed.toString('base64url') };
      const said = readClientData(damaged.clientDataJSON);
      if (!said) return;
      assert.ok('why' in checkAssertion(damaged, said, { publicKey: made.publicKey, origin, rpId, verified: false }));
    }),
    { numRuns: 600 },
  );
});

test('flags and counters as an authenticator may set them: the library says the same', async () => {
  const say = fc.record({
    made: fc.constantFrom(...authenticators),
    present: fc.boolean(),
    verified: fc.boolean(),
    copied: fc.boolean(),
    counter: fc.integer({ min: 0, max: 0xffffffff }),
    demanded: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(say, async ({ made, demanded, ...lies }) => {
      const used = answerOf(made, lies);
      const said = readClientData(used.response.clientDataJSON) ?? assert.fail('unreadable');
      const expected = { publicKey: made.publicKey, origin, rpId, verified: demanded };
      const ours = checkAssertion(used.response, said, expected);
      assert.equal(!('why' in ours), await isRightToLibrary(used, made.publicKey, demanded));
      if (!('why' in ours)) assert.deepEqual(ours, { counter: lies.counter, userVerified: lies.verified });
    }),
    { numRuns: 150 },
  );
});
