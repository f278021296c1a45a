import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { hashesOf, makeTicket, ticketId } from '../../base/credentials/one-time-code.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { appendTimeline, type EndSessions } from '../customers/customers.ts';
import { proveOwners } from './address-owners.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { type CodeRow, insertCode, readOpenCode, tryCode } from './code-store.ts';
import { acceptEmail } from './identifiers.ts';
import { countMail } from './limits.ts';
import { post } from './post.ts';
import { soleHolder, soleOwner } from './sole-owner.ts';
import { happened, nobody } from './timeline-names.ts';

const purpose = 'sign_in';
const page = 'sign-in-link';
const goodForSeconds = 600;

const linkData = z.object({ address: z.string(), portal: z.string(), about: z.record(z.string(), z.json()) });

/**
 * Mails a link that signs in at this portal, to any address: whose it is counts only once it was used. Good for ten
 * minutes, once.
 *
 * @param ask `about` is kept with the link for the page behind it
 * @returns the address in its normal form
 * @throws Problem invalid_body (extra: field), too_many_attempts
 */
export async function mailSignInLink(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  ask: { email: string; portal: string; about: JsonObject; asked: Asked },
): Promise<{ address: string }> {
  const { portal, about, asked } = ask;
  const address = acceptEmail(ask.email);
  await countMail(base, address, asked.ip);
  await transact(base.db, async (tx) => {
    const at = now();
    const expiresAt = inSeconds(goodForSeconds);
    const { id, secret, hash } = makeTicket(base.vault, { purpose });
    // When that customer's ways in change meanwhile, the link is dead.
    const customer = ((await soleOwner(tx, address)) ?? (await soleHolder(tx, address)))?.id ?? null;
    const row = { id, purpose, flow: flowOf(id), customer, subject: null, address, data: { address, portal, about } };
    await insertCode(tx, { ...row, secretHash: hash, at, expiresAt });
    const content = { kind: 'sign_in_link', link: `${base.config.url}/u/${page}?ticket=${secret}` } as const;
    await post(base, tx, { to: address, asked, content, until: expiresAt });
    await appendTimeline(tx, [happened('code_sent', nobody, asked, { occurredAt: at, data: { purpose } })]);
  });
  return { address };
}

/** What a link is for, without using it up; undefined when it is no longer good. */
export async function lookAtSignInLink(
  base: Pick<Base, 'db' | 'vault'>,
  ticket: string,
): Promise<{ address: string; portal: string; about: JsonObject } | undefined> {
  const which = whichOf(base, ticket);
  const row = which && (await readOpenCode(base.db, which, now()));
  return row && linkData.parse(row.data);
}

/**
 * Proves the address by the link: whose it is (see `proveOwners`). Of any number at once, one is let in.
 *
 * @returns `code` and `flow`: where nobody has the address, `completeCodeSignUp` may make an account with them
 * @throws Problem code_expired; also for the link of another portal
 */
export async function redeemSignInLink(
  base: Pick<Base, 'db' | 'vault'>,
  act: { ticket: string; portal: string; connection: string; endSessions: EndSessions },
): Promise<{ address: string; code: string; flow: string; owners: AtDoor[] }> {
  const { ticket, portal, connection, endSessions } = act;
  return transact(base.db, async (tx) => {
    const row = await use(base, tx, ticket);
    const link = row && linkData.parse(row.data);
    if (!row || link?.portal !== portal) throw new Problem('code_expired');
    const { address } = link;
    const owners = await proveOwners(tx, { address, how: 'link', connection, endSessions });
    return { address, code: row.id, flow: flowOf(row.id), owners };
  });
}

async function use(base: Pick<Base, 'vault'>, tx: Db, ticket: string): Promise<CodeRow | undefined> {
  const which = whichOf(base, ticket);
  const tried = which && (await tryCode(tx, which, now()));
  return tried?.right ? tried.row : undefined;
}

function whichOf({ vault }: Pick<Base, 'vault'>, ticket: string) {
  const id = ticketId(ticket);
  return id === undefined
    ? undefined
    : { id, purpose, flow: flowOf(id), hashes: hashesOf(vault, id, ticket, { purpose }) };
}

/** Stands where a page's flow would; each link has its own, so that asking for another one kills none. */
function flowOf(id: string): string {
  return `link.${id}`;
}
