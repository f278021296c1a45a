import { createHmac, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { consentPurpose } from '../../../contract/consents.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { sameSecret } from '../../base/crypto.ts';
import { findBySubject } from '../customers/customers.ts';
import type { Scope } from './consent.ts';
import { type Shown, withdraw } from './preferences.ts';

/** Which messages of a customer shall stop. */
export type Unsubscription = Scope & { readonly subject: string };

const tokenPurpose = 'unsubscribe';
const body = z.tuple([z.uuid(), z.uuid().nullable(), consentPurpose, z.string().nullable()]);

/**
 * The link at the foot of a message, and the headers by which a mail program shows a button of its own (RFC 2369 and
 * RFC 8058). Whoever has the link can stop just these messages, without signing in; it has no end.
 */
export function unsubscribeBy(
  { config, vault }: Pick<Base, 'config' | 'vault'>,
  { subject, brand, purpose, topic }: Unsubscription,
): { link: string; headers: { 'List-Unsubscribe': string; 'List-Unsubscribe-Post': string } } {
  const said = Buffer.from(JSON.stringify([subject, brand, purpose, topic])).toString('base64url');
  const link = `${config.url}/u/unsubscribe?token=${said}.${sign(vault.derive(tokenPurpose)[0], said)}`;
  const headers = { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  return { link, headers };
}

/** What a link stops; undefined for what is no link of ours. */
export function readUnsubscribe({ vault }: Pick<Base, 'vault'>, token: string): Unsubscription | undefined {
  const [said = '', signature = ''] = token.split('.');
  if (!vault.derive(tokenPurpose).some((key) => sameSecret(sign(key, said), signature))) return undefined;
  const [subject, brand, purpose, topic] = body.parse(JSON.parse(Buffer.from(said, 'base64url').toString()));
  return { subject, brand, purpose, topic };
}

/** Stops them. Again, or for somebody who was erased, it does nothing. */
export async function unsubscribe(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  { subject, ...scope }: Unsubscription,
  { ip, shown }: { ip: string; shown: Shown },
): Promise<void> {
  const customer = await findBySubject(base.db, subject);
  if (customer) await withdraw(base, { customer: customer.id, subject, source: 'mail', ip, at: now() }, scope, shown);
}

function sign(key: KeyObject, said: string): string {
  return createHmac('sha256', key).update(said).digest('base64url');
}
