import { createHash } from 'node:crypto';
import { inSeconds, now } from '../clock.ts';
import type { Db } from '../db.ts';
import { secretToken } from '../ids.ts';
import { statement } from '../statement.ts';

/** What a challenge is good for: one purpose, and whoever asked for it (a flow, or a session and more). */
export type ChallengeFor = {
  readonly purpose: 'registration' | 'sign_in' | 'factor' | 'proof';
  readonly whose: string;
};

const goodForSeconds = 600;

const insert = statement(`
  insert into passkey_challenges (challenge_hash, user_handle, expires_at) values ($1, $2, $3) returning 1 as made`);

/**
 * Hands out 256 random bits (base64url) that are good once, for ten minutes. Only a hash is kept, which also covers
 * what they are for.
 *
 * @param userHandle of a registration: kept with the challenge until it is answered
 */
export async function issueChallenge(db: Db, what: ChallengeFor, userHandle?: Buffer): Promise<string> {
  const challenge = secretToken();
  await insert(db, [hashOf(challenge, what), userHandle ?? null, inSeconds(goodForSeconds)]);
  return challenge;
}

/** A challenge that has come back, as it is taken. */
export type AnsweredChallenge = { readonly hash: Buffer; readonly at: Date };

export function answeredChallenge(challenge: string, what: ChallengeFor): AnsweredChallenge {
  return { hash: hashOf(challenge, what), at: now() };
}

/**
 * Uses a challenge up ($1 is its hash, $2 its time): no row when it was answered before, is too old, or is good for
 * something else. For a query that reads more besides.
 */
export const takingChallenge = `
  delete from passkey_challenges where challenge_hash = $1 and expires_at > $2 returning user_handle`;

const take = statement<{ user_handle: Buffer | null }>(takingChallenge);

/** The same by itself. */
export async function takeChallenge(
  db: Db,
  { hash, at }: AnsweredChallenge,
): Promise<{ userHandle: Buffer | undefined } | undefined> {
  const [row] = await take(db, [hash, at]);
  return row && { userHandle: row.user_handle ?? undefined };
}

function hashOf(challenge: string, { purpose, whose }: ChallengeFor): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([challenge, purpose, whose]))
    .digest();
}
