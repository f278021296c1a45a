import type { ClientAuth, ServerMetadata } from 'openid-client';
import type { Json, JsonObject } from '../../base/json.ts';

/** What a network is asked to tell, for the page that says so before leaving. */
export type Asked = 'name' | 'picture' | 'email' | 'birthday' | 'gender' | 'place' | 'likes';

/** A page that somebody likes. */
export type Like = { id: string; name: string; category?: string };

/** One network under one connection's options: where it is, how it is spoken to, how its answers are read. */
export type Network = {
  /**
   * Its metadata, or where it publishes them (the issuer, or the whole address under `/.well-known/`). `calledAt`:
   * the origin really called, where that is another one.
   */
  server: { metadata: ServerMetadata } | { discover: string; calledAt?: string | undefined };
  /** How the connection shows the network who it is. */
  auth: ClientAuth;
  scopes: readonly string[];
  scopeSeparator?: ',';
  /** The scope without which likes are not told; asked for only with the customer's consent. */
  likesScope?: string;
  asks: readonly Asked[];
  pkce: boolean;
  /** Whether answers carry an ID token, and whether it repeats the nonce. */
  idToken: 'with nonce' | 'without nonce' | 'none';
  /** Without ID tokens: is the issuer of its metadata the one it names in `iss` (RFC 9207), or only a stand-in? */
  namesIssuer?: true;
  /** Further parameters of the authorization request. */
  parameters?: Readonly<Record<string, string>>;
  /** Hints handed on as they are: `login_hint` with any value, `prompt=consent` with just this one. */
  hints?: readonly string[];
  /** Reads who it is and what is told. Called once the code is exchanged and the ID token, if any, is validated. */
  read(visit: Visit): Promise<Told>;
};

/** What a provider has at hand while it reads one person's profile. */
export type Visit = {
  accessToken: string;
  /** Validated claims of the ID token; empty where there is none. */
  claims: JsonObject;
  /** The parameters that came back through the browser: anyone may have written them. */
  params: URLSearchParams;
  /** Scopes the customer agreed to, as far as the network says. */
  granted: ReadonlySet<string>;
  /** Whether likes may be read: the connection asks for them and the customer consented. */
  readLikes: boolean;
  /** Reads JSON with the access token; 5 s at most. Problem `network_failed` unless it is a 200 with JSON. */
  get(address: string, query?: Readonly<Record<string, string>>): Promise<Json>;
  /** The OpenID userinfo, of the same subject as the ID token. */
  userinfo(): Promise<JsonObject>;
  /** What enriches but is not needed to sign in: undefined when it fails. */
  optional<T>(what: string, work: Promise<T>): Promise<T | undefined>;
};

/** Root attributes that networks tell, not yet cleaned. */
export type ToldProfile = Partial<
  Record<
    'name' | 'given_name' | 'family_name' | 'nickname' | 'picture' | 'gender' | 'birthdate' | 'locale' | 'zoneinfo',
    Json | undefined
  >
>;

/** What a network told of one person. */
export type Told = {
  /** The stable id at the network. */
  id: Json | undefined;
  profile: ToldProfile;
  /** `verified`: said so by the network, beside the address. `vouches`: is it authoritative for that domain? */
  email?: { address: Json | undefined; verified: boolean; vouches: (domain: string) => boolean };
  /** As the network told it, for `profileData`. */
  raw: JsonObject;
  likes?: { pages: Like[]; complete: boolean } | undefined;
  /** Where the network knows better than the token response what was agreed to. */
  granted?: readonly string[] | undefined;
};

/** The scopes that flags and freely named ones ask for, each once. */
export function scopesOf(
  options: { scope: string | readonly string[]; freeform_scopes: readonly string[] },
  ...wanted: (string | false)[]
): string[] {
  const named = typeof options.scope === 'string' ? options.scope.split(/[ ,]+/) : options.scope;
  const all = [...wanted, ...named, ...options.freeform_scopes].filter((scope) => typeof scope === 'string');
  return [...new Set(all)].filter((scope) => scope !== '');
}

/** The things marked true. */
export function asking(things: Partial<Record<Asked, boolean>>): Asked[] {
  const all: Asked[] = ['name', 'picture', 'email', 'birthday', 'gender', 'place', 'likes'];
  return all.filter((thing) => things[thing]);
}

/** No address is proven by this network's word. */
export const vouchesForNone = () => false;
