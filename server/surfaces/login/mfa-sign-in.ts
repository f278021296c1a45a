import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { makeRecoveryCodes } from '../../base/credentials/recovery-codes.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import {
  type Asked,
  confirmAddress,
  confirmTotp,
  type FactorKind,
  factorsOf,
  issueMfaToken,
  readMfaToken,
  saveMfaToken,
} from '../../features/accounts/accounts.ts';
import { type Customer, findById } from '../../features/customers/customers.ts';
import type { TypedSecond, Wanted } from '../oidc/journey-port.ts';
import type { AskedFactor } from '../oidc/oidc.ts';
import { isWanted, type Second } from './factor.ts';
import { type Held, isStillAt, openHeld, sealHeld } from './held.ts';
import { challengeable, enrollable, factorNames } from './second-ways.ts';

// A sign-in without page that waits for its second factor. The portal holds an `mfa_token`; what it stands for is kept
// here: who it is, how far they came, and what was begun since. The portal hands over codes, and says nothing else.

/** The sign-in that an `mfa_token` stands for. */
export type MfaSignIn = {
  readonly token: string;
  /** Client id of the portal that it belongs to. */
  readonly portal: string;
  readonly customer: Customer;
  /** How the first factor was proven. */
  readonly amr: readonly string[];
  /** What codes and drafts are bound to. */
  readonly flow: string;
  readonly held: Held;
  /** What code asks for, if it does. */
  readonly factor: AskedFactor | undefined;
  /** What tokens were asked for with the first factor. */
  readonly wanted: Wanted;
  /** A factor that is being added. */
  readonly begun?: Begun | undefined;
};

const begun = z.object({
  /** How its code will come. */
  how: z.literal(['otp', 'sms', 'tel']),
  /** An app's draft, or the id of the code that was sent. */
  totp: z.string().optional(),
  code: z.string().optional(),
  /** Recovery codes; the portal has shown them. */
  codes: z.array(z.string()),
});
export type Begun = z.infer<typeof begun>;

const content = z.object({
  nonce: z.string(),
  held: z.string(),
  wanted: z.object({ scope: z.array(z.string()), audience: z.string().optional() }),
  begun: z.string().optional(),
});

/**
 * Holds a sign-in until its second factor: what the portal is told.
 *
 * @returns Problem `mfa_required` (extra: mfa_token, mfa_requirements); `access_denied` for somebody who is nobody yet:
 *   they sign up on a page
 */
export async function askForSecond(base: Base, portal: string, held: Held, wanted: Wanted): Promise<Problem> {
  const { found, nonce, proven, decided } = held;
  if (found.kind !== 'known') return new Problem('access_denied', 'A page is needed first: sign in there.');
  const { customer } = found;
  const kept = { nonce, held: sealHeld(base, contextOf(nonce), held), wanted: toJson(wanted) };
  const mfa_token = await issueMfaToken(base.db, { customer, portal, content: kept });
  const mfa_requirements = await requirementsOf(base, customer, proven.amr, decided?.multifactor);
  return new Problem('mfa_required', undefined, { mfa_token, mfa_requirements });
}

/** What an `mfa_token` stands for; undefined when it is used, too old, unknown, or its customer may not come in,
 * or everything of theirs has been ended since. */
export async function readMfaSignIn(base: Base, token: string): Promise<MfaSignIn | undefined> {
  const stored = await readMfaToken(base.db, token);
  const customer = stored && (await findById(base.db, stored.customer));
  if (!stored || customer?.id !== stored.customer || customer.blocked) return undefined;
  const { nonce, wanted, ...sealed } = content.parse(stored.content);
  const held = openHeld(base, contextOf(nonce), sealed.held);
  const { found } = held;
  if (found.kind !== 'known' || !isStillAt(customer, found.customer, found.era)) return undefined;
  return {
    token,
    portal: stored.portal,
    customer,
    amr: held.proven.amr,
    flow: contextOf(nonce),
    held,
    factor: held.decided?.multifactor,
    wanted,
    begun: sealed.begun === undefined ? undefined : openBegun(base, nonce, sealed.begun),
  };
}

/**
 * A factor is being added: how its first code comes. It is written when that was typed and the sign-in is recorded.
 *
 * @returns ten recovery codes, to be shown once
 * @throws Problem `flow_expired` when the token was used meanwhile
 */
export async function keepBegun(
  base: Base,
  { token, held, wanted }: MfaSignIn,
  one: Omit<Begun, 'codes'>,
): Promise<readonly string[]> {
  const { nonce } = held;
  const codes = makeRecoveryCodes();
  const sealed = base.vault.encrypt(JSON.stringify({ ...one, codes }), contextOf(nonce));
  const kept = { nonce, held: sealHeld(base, contextOf(nonce), held), wanted: toJson(wanted), begun: sealed };
  if (!(await saveMfaToken(base.db, token, kept))) throw new Problem('flow_expired');
  return codes;
}

/**
 * What was typed as second factor: of one that is there, or the first code of the one that is being added.
 *
 * @throws Problem `code_wrong`, `code_expired`, `too_many_attempts`
 */
export async function secondOf(base: Base, signIn: MfaSignIn, asked: Asked, typed: TypedSecond): Promise<Second> {
  const { flow, begun: adding } = signIn;
  // What cannot be the id of a code is none.
  if (typed.by === 'code' && !isUuid(typed.code)) throw new Problem('code_wrong');
  if (typed.by === 'totp' && adding?.totp !== undefined) {
    const proven = confirmTotp(base, { flow, draft: adding.totp, typed: typed.typed });
    return { by: 'enrolled', made: { proven, amr: [adding.how, 'mfa'], codes: adding.codes } };
  }
  if (typed.by === 'code' && adding?.code !== undefined && adding.code === typed.code) {
    const proven = await confirmAddress(base, { code: typed.code, typed: typed.typed, flow, asked });
    return { by: 'enrolled', made: { proven, amr: [adding.how, 'mfa'], codes: adding.codes } };
  }
  return { ...typed, remember: false };
}

function isUuid(text: string): boolean {
  return z.uuid().safeParse(text).success;
}

/** In Auth0's words: what may be proven, or, for who has nothing to prove, what may be added. */
async function requirementsOf(base: Base, customer: string, amr: readonly string[], wanted: AskedFactor | undefined) {
  const ways = await challengeable(base, customer, amr, wanted?.kinds);
  if (ways.length > 0) {
    const recovery = (await factorsOf(base.db, customer)).filter(({ kind }) => {
      return kind === 'recovery_codes' && isWanted(wanted, kind);
    });
    const types = new Set([...ways, ...recovery].map(({ kind }) => factorNames[kind]));
    return { challenge: [...types].map((type) => ({ type })) };
  }
  const withPhone = (await textChannels(base)).length > 0;
  const withMail = (await enrollable(base, customer, amr)).length > 0;
  const kinds: FactorKind[] = [
    'totp',
    ...(withPhone ? ['phone' as const] : []),
    ...(withMail ? ['email' as const] : []),
  ];
  return { enroll: kinds.filter((kind) => isWanted(wanted, kind)).map((kind) => ({ type: factorNames[kind] })) };
}

function openBegun({ vault }: Base, nonce: string, sealed: string): Begun {
  return begun.parse(JSON.parse(vault.decrypt(sealed, contextOf(nonce))));
}

function toJson({ scope, audience }: Wanted) {
  return { scope: [...scope], ...(audience !== undefined && { audience }) };
}

/** Names the waiting of this sign-in; no flow of pages has such a name. */
function contextOf(nonce: string): string {
  return `mfa token ${nonce}`;
}
