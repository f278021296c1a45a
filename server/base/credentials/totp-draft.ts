import { z } from 'zod';
import { now } from '../clock.ts';
import type { Vault } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { uuid } from '../ids.ts';
import { isTotpSecret, makeTotpSecret, matchTotp, totpUri } from './totp.ts';

/**
 * A factor that is being added. Nothing is written before its first code was typed: whoever asks keeps `draft`, which
 * only our keys open, and only for the flow (session, token) that it was begun in.
 */
export type BegunTotp = {
  readonly draft: string;
  /** Base32: for those who type it into the app. */
  readonly secret: string;
  /** For those who scan it. */
  readonly uri: string;
};

/** An app whose first code was typed; `step` is that code's, which is used up thereby. */
export type ProvenTotp = { readonly kind: 'totp'; readonly id: string; readonly secret: string; readonly step: number };

const draftContent = z.object({ id: z.uuid(), secret: z.string(), issuer: z.string(), label: z.string() });

/**
 * Begins to add an authenticator app.
 *
 * @param ask `issuer` and `label` are shown in the app: the brand, and whose account it is
 */
export function beginTotp(
  { vault }: { vault: Vault },
  ask: { flow: string; issuer: string; label: string; secret?: string | undefined },
): BegunTotp {
  const { flow, issuer, label, secret = makeTotpSecret() } = ask;
  if (!isTotpSecret(secret)) throw new Problem('invalid_body', 'The secret is not base32.');
  const draft = vault.encrypt(JSON.stringify({ id: uuid(), secret, issuer, label }), contextOf(flow));
  return { draft, secret, uri: totpUri(secret, { issuer, label }) };
}

/** The app that is being added, to be shown again. Throws Problem flow_expired when the draft is another flow's. */
export function openTotp({ vault }: { vault: Vault }, { flow, draft }: { flow: string; draft: string }): BegunTotp {
  const { secret, issuer, label } = openDraft(vault, flow, draft);
  return { draft, secret, uri: totpUri(secret, { issuer, label }) };
}

/**
 * The first code of an app that is being added.
 *
 * @throws Problem code_wrong, flow_expired (the draft is another flow's)
 */
export function confirmTotp(
  { vault }: { vault: Vault },
  typed: { flow: string; draft: string; typed: string },
): ProvenTotp {
  const { id, secret } = openDraft(vault, typed.flow, typed.draft);
  const step = matchTotp(secret, typed.typed, now());
  if (step === undefined) throw new Problem('code_wrong', 'That code is not right.', { reason: 'app' });
  return { kind: 'totp', id, secret, step };
}

function openDraft(vault: Vault, flow: string, draft: string): z.infer<typeof draftContent> {
  let opened: string;
  try {
    opened = vault.decrypt(draft, contextOf(flow));
  } catch {
    throw new Problem('flow_expired');
  }
  return draftContent.parse(JSON.parse(opened));
}

function contextOf(flow: string): string {
  return `totp draft ${flow}`;
}
