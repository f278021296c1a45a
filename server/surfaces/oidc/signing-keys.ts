import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'oidc-provider';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isUniqueViolation, transact } from '../../base/db.ts';
import { addJob } from '../../base/jobs.ts';
import { certificateThumbprint, selfSign } from './certificate.ts';

/** A key that signs (or signed, or will sign) our tokens: RS256, 2048 bits. */
export type SigningKey = {
  readonly kid: string;
  readonly status: 'next' | 'current' | 'previous';
  /** As `/.well-known/jwks.json` shows it. */
  readonly publicJwk: PublicJwk;
  readonly privateJwk: JWK;
  readonly privateKey: KeyObject;
};

const publicJwk = z.object({
  kty: z.literal('RSA'),
  use: z.literal('sig'),
  n: z.string(),
  e: z.string(),
  kid: z.string(),
  x5t: z.string(),
  x5c: z.array(z.string()),
  alg: z.literal('RS256'),
});
export type PublicJwk = z.infer<typeof publicJwk>;

type Ground = Pick<Base, 'db' | 'settings' | 'vault' | 'config'>;

const context = 'signing_keys.private_jwk';
/** So long a key is shown before it signs. */
export const publishedMs = 24 * 3600 * 1000;
// Longer than any token that a key signed can live.
const keptMs = 31 * 24 * 3600 * 1000;
const certificateDays = 3650;
const generate = promisify(generateKeyPair);

/** All keys that verify, the signing one first; from this process's memory, at most 2 s old. */
export function signingKeys(base: Ground): Promise<readonly SigningKey[]> {
  return base.settings.remember('signing_keys', async () => {
    const rows = await base.db
      .selectFrom('signing_keys')
      .select(['kid', 'status', 'public_jwk', 'private_jwk'])
      .where('status', '!=', 'revoked')
      .orderBy('changed_at', 'desc')
      .execute();
    const keys = rows.map(({ kid, status, public_jwk, private_jwk }) => {
      const jwk: JsonWebKey = JSON.parse(base.vault.decrypt(private_jwk, context));
      return {
        kid,
        status: z.literal(['next', 'current', 'previous']).parse(status),
        publicJwk: publicJwk.parse(public_jwk),
        privateJwk: { ...jwk, kid, use: 'sig', alg: 'RS256' },
        privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
      };
    });
    const order = ['current', 'next', 'previous'];
    return keys.sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  });
}

/** Makes the current and the next key where there are none: at the first start. Several servers may call it at once. */
export async function ensureSigningKeys(base: Ground): Promise<void> {
  const known = await base.db.selectFrom('signing_keys').select('status').execute();
  for (const status of ['current', 'next'] as const) {
    if (known.some((row) => row.status === status)) continue;
    await transact(base.db, async (tx) => {
      await insertKey(base, tx, status);
      await base.settings.changed(tx);
    }).catch((error: unknown) => {
      // Another server made it at the same moment.
      if (!isUniqueViolation(error, 'signing_keys_one_current')) throw error;
    });
  }
  await base.settings.refresh();
}

/**
 * Lets the next key sign and makes a new next one; the current one goes on verifying. A key signs only 24 hours after
 * it was published, so that no verifier meets an unknown one: before that, the change waits as a job.
 *
 * @returns when the next key signs: now, or later
 */
export async function rotateSigningKeys(base: Ground, options: { now?: boolean } = {}): Promise<Date> {
  return transact(base.db, async (tx) => {
    const at = now();
    const next = await tx
      .selectFrom('signing_keys')
      .select(['kid', 'created_at'])
      .where('status', '=', 'next')
      .forUpdate()
      .executeTakeFirstOrThrow();
    const ready = new Date(next.created_at.getTime() + publishedMs);
    if (ready > at && !options.now) {
      await addJob(tx, 'promote_signing_key', { kid: next.kid }, { runAt: ready, key: 'promote_signing_key' });
      return ready;
    }
    await promote(base, tx, next.kid, at);
    return at;
  });
}

/** Job `promote_signing_key`: the waiting change of `rotateSigningKeys`; nothing if it has happened meanwhile. */
export async function promoteSigningKey(base: Ground, kid: string): Promise<void> {
  await transact(base.db, async (tx) => {
    const next = await tx
      .selectFrom('signing_keys')
      .select('kid')
      .where('status', '=', 'next')
      .where('kid', '=', kid)
      .forUpdate()
      .executeTakeFirst();
    if (next) await promote(base, tx, kid, now());
  });
}

/**
 * Takes back a key that fell into wrong hands: what it signed is good for nothing from now on. The current one must be
 * rotated first.
 *
 * @returns whether there was such a previous or next key
 */
export async function revokeSigningKey(base: Ground, kid: string): Promise<boolean> {
  return transact(base.db, async (tx) => {
    const revoked = await tx
      .updateTable('signing_keys')
      .set({ status: 'revoked', changed_at: now() })
      .where('kid', '=', kid)
      .where('status', 'in', ['previous', 'next'])
      .returning('status')
      .executeTakeFirst();
    if (!revoked) return false;
    const next = await tx.selectFrom('signing_keys').select('kid').where('status', '=', 'next').executeTakeFirst();
    if (!next) await insertKey(base, tx, 'next');
    await base.settings.changed(tx);
    return true;
  });
}

async function promote(base: Ground, tx: Db, kid: string, at: Date): Promise<void> {
  const change = (from: string, to: string) =>
    tx.updateTable('signing_keys').set({ status: to, changed_at: at }).where('status', '=', from);
  await change('previous', 'revoked')
    .where('changed_at', '<', new Date(at.getTime() - keptMs))
    .execute();
  await change('current', 'previous').execute();
  await change('next', 'current').where('kid', '=', kid).execute();
  await insertKey(base, tx, 'next');
  await base.settings.changed(tx);
}

async function insertKey({ vault, config }: Ground, tx: Db, status: 'current' | 'next'): Promise<void> {
  const at = now();
  const pair = await generate('rsa', { modulusLength: 2048 });
  const privateKey = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const publicKey = createPublicKey(privateKey);
  const certificate = selfSign({ privateKey, publicKey }, new URL(config.url).hostname, at, certificateDays);
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url')
    .slice(0, 21);
  const x5t = certificateThumbprint(certificate);
  const jwk: PublicJwk = { kty: 'RSA', use: 'sig', n, e, kid, x5t, x5c: [certificate], alg: 'RS256' };
  const privateJwk = JSON.stringify(privateKey.export({ format: 'jwk' }));
  await tx
    .insertInto('signing_keys')
    .values({
      kid,
      status,
      public_jwk: JSON.stringify(jwk),
      private_jwk: vault.encrypt(privateJwk, context),
      certificate,
      created_at: at,
      changed_at: at,
    })
    .execute();
}
