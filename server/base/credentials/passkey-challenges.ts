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

const take = statement<{ user_handle: Buffer | null }>(`
  delete from passkey_challenges where challenge_hash = $1 and expires_at > $2 returning user_handle`);

/** Uses a challenge up; undefined when it was answered before, is too old, or is good for something else. */
export async function takeChallenge(
  db: Db,
  challenge: string,
  what: ChallengeFor,
): Promise<{ userHandle: Buffer | undefined } | undefined> {
  const [row] = await take(db, [hashOf(challenge, what), now()]);
  return row && { userHandle: row.user_handle ?? undefined };
}

function hashOf(challenge: string, { purpose, whose }: ChallengeFor): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([challenge, purpose, whose]))
    .digest();
}
