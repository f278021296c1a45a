import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Db } from '../db.ts';
import {
  type AnsweredChallenge,
  answeredChallenge,
  type ChallengeFor,
  issueChallenge,
  takeChallenge,
} from './passkey-challenges.ts';

// The ceremonies of WebAuthn (Level 3): making a passkey and using one. Who it belongs to is the caller's business.

/** Must the authenticator verify who holds it, or is it asked to if it can? */
export type UserVerification = 'required' | 'preferred';

/** How a browser reaches an authenticator. */
export type PasskeyTransport = 'ble' | 'cable' | 'hybrid' | 'internal' | 'nfc' | 'smart-card' | 'usb';

type Credential = { readonly id: string; readonly rawId: string; readonly type: 'public-key' };

/** What a browser says that made a passkey (WebAuthn Level 3, RegistrationResponseJSON): bytes are base64url. */
export type MadePasskey = Credential & {
  readonly response: Readonly<Record<'clientDataJSON' | 'attestationObject', string>> & {
    readonly transports: PasskeyTransport[];
  };
};

/** What a browser says that used one (AuthenticationResponseJSON). Ours are discoverable, so there is a user handle. */
export type UsedPasskey = Credential & {
  readonly response: Readonly<Record<'clientDataJSON' | 'authenticatorData' | 'signature' | 'userHandle', string>>;
};

/** What is kept of a passkey to check its answers. */
export type KeptPasskey = {
  /** COSE. */
  readonly publicKey: Buffer;
  /** As the authenticator last told; one that does not count always says 0. */
  readonly counter: number;
  readonly userHandle: Buffer;
};

/** A passkey that was made in an authenticator. */
export type NewPasskey = KeptPasskey & {
  readonly credentialId: Buffer;
  readonly transports: readonly PasskeyTransport[];
  /** The make of the authenticator, as it says (a UUID, all zeros for none). */
  readonly aaguid: string;
  /** Does the authenticator's maker keep copies, so that it is on several devices? */
  readonly isSynced: boolean;
  readonly userVerified: boolean;
};

/** Names a passkey that is there already. */
export type PasskeyId = { readonly credentialId: Buffer; readonly transports: readonly PasskeyTransport[] };

type Ground = { readonly config: Pick<Config, 'url'>; readonly db: Db };

// EdDSA, ES256, RS256 (COSE): what authenticators have; WebAuthn asks for the last two at least.
const algorithms = [-8, -7, -257];
// How long the browser waits for the person; a challenge lives longer, so that pages may stay open.
const timeoutMs = 300_000;

/** Can this address have passkeys? They hang on a name; browsers give none to an IP address. */
export function hasPasskeys({ url }: Pick<Config, 'url'>): boolean {
  const { hostname } = new URL(url);
  return isIP(hostname) === 0 && !hostname.startsWith('[');
}

/** The relying party: one for all brands, the host of the configured address. */
function relyingParty({ url }: Pick<Config, 'url'>): { id: string; origin: string } {
  return { id: new URL(url).hostname, origin: url };
}

/** A handle under which authenticators keep somebody's passkeys: random, so it tells nobody who they are. */
export function makeUserHandle(): Buffer {
  return randomBytes(32);
}

/**
 * Begins to make a passkey: what the browser's `navigator.credentials.create` is told.
 *
 * @param asked `whose`: the session or flow, and who is in it; `has` is what they have: no authenticator makes a second
 */
export async function beginRegistration(
  { config, db }: Ground,
  asked: {
    whose: string;
    title: string;
    user: { handle: Buffer; name: string; displayName: string };
    has: readonly PasskeyId[];
    userVerification: UserVerification;
  },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { whose, title, user, has, userVerification } = asked;
  const challenge = await issueChallenge(db, { purpose: 'registration', whose }, user.handle);
  return generateRegistrationOptions({
    rpName: title,
    rpID: relyingParty(config).id,
    userID: new Uint8Array(user.handle),
    userName: user.name,
    userDisplayName: user.displayName,
    challenge: bytesOf(challenge),
    timeout: timeoutMs,
    attestationType: 'none',
    excludeCredentials: has.map(toDescriptor),
    authenticatorSelection: { residentKey: 'required', userVerification },
    supportedAlgorithmIDs: algorithms,
  });
}

/** How making a passkey ended. `expired`: nobody asked for it here, or it was answered before, or too late. */
export type Registration = { kind: 'made'; passkey: NewPasskey } | { kind: 'expired' } | { kind: 'wrong'; why: string };

/** Takes what the browser made. */
export async function finishRegistration(
  { config, db }: Ground,
  { whose, made, userVerification }: { whose: string; made: MadePasskey; userVerification: UserVerification },
): Promise<Registration> {
  const said = readClientData(made.response.clientDataJSON);
  const taken =
    said && (await takeChallenge(db, answeredChallenge(said.challenge, { purpose: 'registration', whose })));
  if (!said || !taken?.userHandle) return { kind: 'expired' };
  if (isFramed(said)) return { kind: 'wrong', why: 'made inside a page of another site' };
  const { id, origin } = relyingParty(config);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...made, response: { ...made.response }, clientExtensionResults: {} },
      expectedChallenge: said.challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified) return { kind: 'wrong', why: 'not verified' };
    const { credential, aaguid, credentialDeviceType, userVerified } = registrationInfo;
    if (credential.id !== made.id) return { kind: 'wrong', why: 'two credential ids' };
    const passkey = {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      userHandle: taken.userHandle,
      transports: made.response.transports,
      aaguid,
      isSynced: credentialDeviceType === 'multiDevice',
      userVerified,
    };
    return { kind: 'made', passkey };
  } catch (error) {
    return { kind: 'wrong', why: String(error) };
  }
}

/**
 * Begins to use a passkey: what the browser's `navigator.credentials.get` is told.
 *
 * @param asked `allow`: the passkeys of somebody who is known already. Left out where nobody is: then every browser
 *   gets the same, and the authenticator says who it is
 */
export async function beginUse(
  { config, db }: Ground,
  asked: ChallengeFor & { userVerification: UserVerification; allow?: readonly PasskeyId[] | undefined },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { purpose, whose, userVerification, allow = [] } = asked;
  return generateAuthenticationOptions({
    rpID: relyingParty(config).id,
    challenge: bytesOf(await issueChallenge(db, { purpose, whose })),
    timeout: timeoutMs,
    userVerification,
    allowCredentials: allow.map(toDescriptor),
  });
}

/**
 * How using a passkey ended. `right` is to be written down with its `counter`; `cloned`: the answer is right, but the
 * counter went back: there is a copy of the authenticator.
 */
export type Use<T extends KeptPasskey> =
  | { kind: 'right'; passkey: T; counter: number; userVerified: boolean }
  | { kind: 'cloned'; passkey: T }
  | { kind: 'wrong'; passkey: T | undefined; why: string }
  | { kind: 'expired' };

/** Takes the challenge that was answered, and reads the passkey of a credential id. */
export type OpenPasskey<T extends KeptPasskey> = (
  credentialId: Buffer,
  challenge: AnsweredChallenge,
) => Promise<{ taken: boolean; passkey: T | undefined }>;

/**
 * Takes what the browser answered. The same work is done for a passkey that nobody has.
 *
 * @param answer `open`: in one query, where many wait
 */
export async function finishUse<T extends KeptPasskey>(
  config: Pick<Config, 'url'>,
  answer: ChallengeFor & { used: UsedPasskey; userVerification: UserVerification; open: OpenPasskey<T> },
): Promise<Use<T>> {
  const { purpose, whose, used, userVerification, open } = answer;
  const said = readClientData(used.response.clientDataJSON);
  if (!said) return { kind: 'expired' };
  const credentialId = Buffer.from(used.rawId, 'base64url');
  const { taken, passkey } = await open(credentialId, answeredChallenge(said.challenge, { purpose, whose }));
  if (!taken) return { kind: 'expired' };
  const { id, origin } = relyingParty(config);
  const wrong = (why: string) => ({ kind: 'wrong', passkey, why }) as const;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...used, clientExtensionResults: {} },
      expectedChallenge: said.challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: userVerification === 'required',
      // The counter is compared below: 0 lets every one pass.
      credential: { id: used.id, publicKey: new Uint8Array(passkey?.publicKey ?? nobodysKey), counter: 0 },
    });
    if (!passkey) return wrong('unknown');
    if (!verified) return wrong('the signature is not right');
    if (isFramed(said)) return wrong('used inside a page of another site');
    if (!passkey.userHandle.equals(Buffer.from(used.response.userHandle, 'base64url')))
      return wrong('another user handle');
    const { newCounter: counter, userVerified } = authenticationInfo;
    const counts = counter > 0 || passkey.counter > 0;
    if (counts && counter <= passkey.counter) return { kind: 'cloned', passkey };
    return { kind: 'right', passkey, counter, userVerified };
  } catch (error) {
    return wrong(String(error));
  }
}

const clientData = z.object({
  challenge: z.string().max(1000),
  crossOrigin: z.boolean().default(false),
  topOrigin: z.string().optional(),
});
type ClientData = z.infer<typeof clientData>;

/** What the browser says of the ceremony; undefined for what is no such JSON. */
function readClientData(encoded: string): ClientData | undefined {
  try {
    return clientData.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function isFramed({ crossOrigin, topOrigin }: ClientData): boolean {
  return crossOrigin || topOrigin !== undefined;
}

function toDescriptor({ credentialId, transports }: PasskeyId): { id: string; transports: PasskeyTransport[] } {
  return { id: credentialId.toString('base64url'), transports: [...transports] };
}

/** The bytes of a challenge, as the browser gets them. */
function bytesOf(challenge: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(challenge, 'base64url'));
}

// An ES256 key (COSE) whose private part nobody has kept.
const nobodysKey = Buffer.from(
  'pQECAyYgASFYIBce7Qx61shpVEAscXDKZJoiENzarAfKZsERdBtt7LBSIlgghaDvEB_aw-IGyRVdY7wK8SuXTxVKM-TOd4mQQB_L58M',
  'base64url',
);
