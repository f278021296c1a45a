import { createHmac, type KeyObject, randomBytes, randomInt } from 'node:crypto';
import type { Vault } from '../crypto.ts';
import { uuid } from '../ids.ts';

// Codes are typed by people, tickets travel in links. Both are kept only as keyed hashes that also cover the row's id
// and what the secret is for: a secret of one row, purpose, browser or act is worth nothing for another.

/** A new secret: `id` names its row, `secret` is what is mailed, `hash` what is kept. */
export type NewSecret = { readonly id: string; readonly secret: string; readonly hash: Buffer };

/** What a secret is bound to: its purpose, the flow that asked (if any) and what it proves (if anything). */
export type Binding = {
  readonly purpose: string;
  readonly flow?: string | undefined;
  readonly about?: string | undefined;
};

/** A code of six digits, each of the million equally likely. */
export function makeCode(vault: Vault, binding: Binding): NewSecret {
  const id = uuid();
  const secret = String(randomInt(1_000_000)).padStart(6, '0');
  return { id, secret, hash: hashWith(first(vault), id, secret, binding) };
}

/** A ticket of 43 characters (base64url): its row's id and 128 random bits. */
export function makeTicket(vault: Vault, binding: Binding): NewSecret {
  const id = uuid();
  const secret = Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), randomBytes(16)]).toString('base64url');
  return { id, secret, hash: hashWith(first(vault), id, secret, binding) };
}

/**
 * The hashes of which one must be kept for this secret to be right: one a key of the vault, so that what was mailed
 * before the server's secret was changed stays good.
 */
export function hashesOf(vault: Vault, id: string, secret: string, binding: Binding): Buffer[] {
  return vault.derive(keyPurpose).map((key) => hashWith(key, id, secret, binding));
}

/** The id inside a ticket, or undefined for what cannot be one. */
export function ticketId(ticket: string): string | undefined {
  if (!/^[\w-]{43}$/.test(ticket)) return undefined;
  const hex = Buffer.from(ticket, 'base64url').subarray(0, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A typed code without the spaces and dashes that people add, or undefined for what cannot be one. */
export function readCode(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

const keyPurpose = 'one-time-code';

function first(vault: Vault): KeyObject {
  return vault.derive(keyPurpose)[0];
}

function hashWith(key: KeyObject, id: string, secret: string, { purpose, flow, about }: Binding): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([id, secret, purpose, flow ?? null, about ?? null]))
    .digest();
}
