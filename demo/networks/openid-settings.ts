import type { FastifyInstance } from 'fastify';
import type { JWTPayload } from 'jose';
import type { Ask, AskRules } from './ask.ts';
import type { ClientAuth } from './clients.ts';
import type { Prompts, ScopeWords, World } from './definition.ts';
import type { Mode } from './faults.ts';
import type { Fields } from './fields.ts';
import type { CodeRefusal, Grant } from './grants.ts';
import type { SigningAlgorithm } from './id-tokens.ts';
import type { Person } from './people.ts';
import type { ToldEmail } from './told-email.ts';

/** The paths and habits of one OpenID provider. What is left out is as the standard has it. */
export interface OpenidSettings {
  name: string;
  title: string;
  colour: string;
  people: readonly Person[];
  /** The content and token faults that mean something here, if not all. */
  faults?: readonly Mode[];
  paths: {
    discovery: string;
    authorize: string;
    token: string;
    keys: string;
    userinfo: string;
    /** Where its own session ends (OpenID Connect RP-Initiated Logout 1.0), if there is such an address. */
    endSession?: string;
  };
  /** What discovery calls the issuer, and tokens too unless `tokenIssuer` says otherwise. Left out: the origin. */
  issuer?: (origin: string) => string;
  tokenIssuer?: (origin: string, person: Person) => string;
  algorithm?: SigningAlgorithm;
  clientAuth?: readonly ClientAuth[];
  pkce?: AskRules['pkce'];
  /** The token endpoint refuses a `code_verifier` (LinkedIn's usual flow). */
  refusesVerifier?: boolean;
  /** False where ID tokens never carry the nonce (LinkedIn). */
  tellsNonce?: boolean;
  /** Seconds. */
  accessLifetime?: number;
  /** Seconds. */
  idTokenLifetime?: number;
  scopes?: Readonly<Record<string, ScopeWords>>;
  knownScopes?: readonly string[];
  /** When a refresh token is given. */
  givesRefresh?: (ask: Ask) => boolean;
  /** Wrong requests show a page (Google) instead of going back with an error. */
  refusesOnPage?: boolean;
  prompts?: (ask: Ask) => Prompts;
  idClaims?: (person: Person, grant: Grant, email: ToldEmail | null, origin: string) => JWTPayload;
  userinfo?: (person: Person, grant: Grant, email: ToldEmail | null, origin: string) => JWTPayload;
  metadata?: (origin: string) => Record<string, unknown>;
  /** Parameters of the redirect beside `code` and `state`. */
  backWith?: (grant: Grant, origin: string, person: Person | undefined) => Fields;
  /** The OAuth error, its description and its status for each way a code is refused. */
  codeError?: (reason: CodeRefusal) => { error: string; error_description: string };
  moreRoutes?: (app: FastifyInstance, world: World) => void;
}

export const openidFaults: readonly Mode[] = [
  'wrong_signature',
  'wrong_nonce',
  'wrong_issuer',
  'wrong_audience',
  'expired_token',
  'missing_email',
  'unverified_email',
  'email_verified_string',
  'user_denies',
];

export const openidScopes: Readonly<Record<string, ScopeWords>> = {
  openid: { words: 'who you are here' },
  profile: { words: 'your name and picture' },
  email: { words: 'your e-mail address' },
  offline_access: { words: 'this also while you are away' },
};

/** `prompt` as OpenID Connect Core 3.1.2.1 has it. */
export function openidPrompts(ask: Ask): Prompts {
  const words = (ask.fields.prompt ?? '').split(' ');
  return {
    choose: words.includes('select_account') || words.includes('login'),
    consent: words.includes('consent'),
    declinedAgain: true,
    silent: words.includes('none') ? { noSession: 'login_required', noConsent: 'consent_required' } : null,
  };
}

/** Standard claims of the scopes `profile` and `email` (OpenID Connect Core 5.4). */
export function standardClaims(person: Person, grant: Grant, email: ToldEmail | null, origin: string): JWTPayload {
  const profile = grant.scopes.includes('profile') && {
    name: person.name,
    given_name: person.givenName,
    family_name: person.familyName,
    picture: `${origin}/pictures/${person.id}.png`,
    ...(person.locale === undefined ? {} : { locale: person.locale }),
  };
  const mail = grant.scopes.includes('email') && email && { email: email.email, email_verified: email.verified };
  return { ...profile, ...mail };
}
