import { z } from 'zod';

/** What a second factor is, in the words of `authentication_methods`. */
export const factorKinds = ['totp', 'phone', 'email', 'recovery_codes'] as const;
export type FactorKind = (typeof factorKinds)[number];

/** A kind as a column holds it; undefined: none. */
export function toFactorKind(stored: string | null): FactorKind | undefined {
  return factorKinds.find((kind) => kind === stored);
}

/** How a code comes to a phone. */
export const phoneChannels = ['sms', 'voice'] as const;
export type PhoneChannel = (typeof phoneChannels)[number];

type Common = {
  readonly id: string;
  readonly subject: string;
  /** As the customer calls it. */
  readonly name: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
};

/** A second factor of a customer; nothing secret of it. */
export type Factor =
  | (Common & { readonly kind: 'totp' })
  /** E.164. */
  | (Common & { readonly kind: 'phone'; readonly phone: string })
  /** Normalised. */
  | (Common & { readonly kind: 'email'; readonly address: string })
  /** Only ever beside another one. */
  | (Common & { readonly kind: 'recovery_codes'; readonly left: number });

/** A factor whose first code was typed: ready to be written with `addFactor`. It holds the secret; keep it sealed. */
export const provenFactor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('totp'), id: z.uuid(), secret: z.string(), step: z.int() }),
  z.object({ kind: z.literal('phone'), phone: z.string() }),
  z.object({ kind: z.literal('email'), address: z.string() }),
]);
export type ProvenFactor = z.infer<typeof provenFactor>;

/** What was typed to pass the second factor. */
export type TypedFactor =
  | { readonly by: 'totp'; readonly typed: string }
  | { readonly by: 'recovery_code'; readonly typed: string }
  /** A code that `sendFactorCode` sent: `code` is its id. */
  | { readonly by: 'code'; readonly code: string; readonly typed: string };

/** How a sign-in was proven, second factor included (RFC 8176), and by which factor. */
export type PassedFactor = {
  readonly factor: string;
  readonly kind: FactorKind;
  readonly subject: string;
  readonly amr: readonly string[];
};

/** What Auth0 calls a sign-in with a second factor. */
export const multiFactorAcr = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

/** Where codes of this factor go: a number or an address; an app and recovery codes have none. */
export function addressOf(factor: Factor): string | undefined {
  if (factor.kind === 'phone') return factor.phone;
  return factor.kind === 'email' ? factor.address : undefined;
}

/** The last part of a phone number, or the beginning of an address: enough to know it, too little to use it. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return `•••• ${address.slice(-4)}`;
  return `${address.slice(0, Math.min(2, at))}•••${address.slice(at)}`;
}
