import { sql } from 'kysely';
import type { Base } from '../../../base/base.ts';
import { inSeconds, now } from '../../../base/clock.ts';
import type { Db } from '../../../base/db.ts';
import type { Json } from '../../../base/json.ts';
import { type Away, away } from '../flow-state.ts';
import type { Found, PageNeeded } from '../found.ts';
import { forgotten, type Held, hold } from '../held.ts';
import type { Proven, Resume } from '../proven.ts';

// As at Auth0: who was sent away may take their time.
const openSeconds = 3 * 86_400;
const afterwardsSeconds = 3600;

/** Holds the sign-in until the browser is back at `/continue`: then all rules run again, or the actions go on. */
export function goAway(
  base: Pick<Base, 'vault'>,
  { proven, found, resume }: { proven: Proven; found: Found; resume?: Resume },
  url: string,
): PageNeeded {
  const held = hold(proven, found);
  const { nonce } = held;
  const sealed = base.vault.encrypt(JSON.stringify({ held, resume }), contextOf(nonce));
  return { page: awayPage, remember: { ...forgotten, away: { nonce, url, sealed } } };
}

export const awayPage = 'away';

/** How far the sign-in had come; `resume`: an action sent the customer away, else a rule. */
export function openAway({ vault }: Pick<Base, 'vault'>, { nonce, sealed }: Away): { held: Held; resume?: Resume } {
  return JSON.parse(vault.decrypt(sealed, contextOf(nonce)));
}

/** Where the browser is to go, with the `state` to hand back. */
export function addressOfAway(flowId: string, { url, nonce }: Away): string {
  const address = new URL(url);
  address.searchParams.set('state', `${flowId}.${nonce}`);
  return address.href;
}

/** The flow and the nonce of a `state`. */
export function readAwayState(state: string | undefined): { flowId: string; nonce: string } | undefined {
  const found = /^([\w-]{1,64})\.([\w-]{1,64})$/.exec(state ?? '');
  return found?.[1] !== undefined && found[2] !== undefined ? { flowId: found[1], nonce: found[2] } : undefined;
}

/** The flow stays for three days while the browser is away. */
export async function keepOpen(db: Db, flowId: string): Promise<void> {
  await db
    .updateTable('flows')
    .set({ expires_at: inSeconds(openSeconds) })
    .where('id', '=', flowId)
    .execute();
}

/** Is the browser still waited for? */
export async function isAway(db: Db, flowId: string, nonce: string): Promise<boolean> {
  const { rows } = await sql`
    select from flows where id = ${flowId} and expires_at > ${now()} and state -> 'away' ->> 'nonce' = ${nonce}
  `.execute(db);
  return rows.length > 0;
}

/** Takes it out of the flow's row, so that it is gone on with once; undefined: it was not there (any more). */
export async function takeAway(db: Db, flowId: string, nonce: string): Promise<Away | undefined> {
  const { rows } = await sql<{ away: Json }>`
    update flows f set state = f.state - 'away', expires_at = ${inSeconds(afterwardsSeconds)}
    from (select state -> 'away' as away from flows where id = ${flowId} for update) as old
    where f.id = ${flowId} and old.away ->> 'nonce' = ${nonce} and not f.state ? 'done'
    returning old.away`.execute(db);
  return rows[0] && away.parse(rows[0].away);
}

function contextOf(nonce: string): string {
  return `flows.state away ${nonce}`;
}
