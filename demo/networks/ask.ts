import type { Clients, NetworkClient } from './clients.ts';
import { type Fields, readFields, repeatedField } from './fields.ts';

export type ResponseMode = 'query' | 'fragment' | 'form_post';

/** An authorization request that passed the network's checks. */
export interface Ask {
  client: NetworkClient;
  redirectUri: string;
  scopes: string[];
  responseMode: ResponseMode;
  /** RFC 7636; null if the client sent none. */
  challenge: { value: string; method: 'S256' | 'plain' } | null;
  /** Whether the network looks at PKCE at all. */
  pkce: AskRules['pkce'];
  /** All parameters as sent: `state`, `nonce`, `prompt` and what the network knows beside them. */
  fields: Fields;
}

/** What one network demands of an authorization request. */
export interface AskRules {
  pkce: 'required' | 'optional' | 'ignored';
  /** Scopes outside this list are refused; left out: unknown scopes are passed over. */
  knownScopes?: readonly string[];
  requiredScope?: string;
  scopeSeparator?: RegExp;
  /** Words in alphabetical order, as `code id_token`. */
  responseTypes?: readonly string[];
  /** False where the network takes a request without `response_type` as one for a code. */
  responseTypeRequired?: boolean;
  responseModes?: readonly ResponseMode[];
  stateRequired?: boolean;
  /** True where a request without `redirect_uri` goes to the first registered one. */
  redirectUriOptional?: boolean;
}

/** Why a request was refused. `back` is there only when it is safe to tell it to the redirect address. */
export interface AskRefusal {
  reason:
    | 'unknown_client'
    | 'redirect_uri_mismatch'
    | 'invalid_request'
    | 'invalid_scope'
    | 'unsupported_response_type';
  words: string;
  client?: NetworkClient;
  back?: Ask;
}

/** Checks an authorization request (RFC 6749 4.1.1, RFC 7636 4.3, RFC 9700 2.1: exact redirect addresses). */
export function readAsk(query: unknown, clients: Clients, rules: AskRules): { ask: Ask } | { refused: AskRefusal } {
  const fields = readFields(query);
  const repeated = repeatedField(query);
  const client = repeated === 'client_id' ? undefined : clients.find(fields.client_id);
  if (!client) return { refused: { reason: 'unknown_client', words: 'The OAuth client was not found.' } };
  const redirectUri = fields.redirect_uri ?? (rules.redirectUriOptional ? client.redirectUris[0] : undefined);
  if (redirectUri === undefined || repeated === 'redirect_uri' || !client.redirectUris.includes(redirectUri)) {
    const words = 'The redirect_uri in the request is not one of those registered for this client.';
    return { refused: { reason: 'redirect_uri_mismatch', words, client } };
  }
  const scopes = (fields.scope ?? '').split(rules.scopeSeparator ?? / +/).filter((scope) => scope !== '');
  const responseMode = readMode(fields, rules);
  const ask: Ask = {
    client,
    redirectUri,
    scopes: [...new Set(scopes)],
    responseMode: responseMode ?? 'query',
    challenge: readChallenge(fields),
    pkce: rules.pkce,
    fields,
  };
  const refuse = (reason: AskRefusal['reason'], words: string) => ({ refused: { reason, words, client, back: ask } });
  if (repeated !== null) return refuse('invalid_request', `Parameter sent more than once: ${repeated}`);
  if (!typeFits(fields, rules)) return refuse('unsupported_response_type', 'Invalid response_type.');
  if (!responseMode) return refuse('invalid_request', 'Invalid response_mode.');
  if (rules.stateRequired && fields.state === undefined) return refuse('invalid_request', 'Missing parameter: state');
  const pkceProblem = rules.pkce === 'ignored' ? null : findPkceProblem(fields, rules);
  if (pkceProblem) return refuse('invalid_request', pkceProblem);
  const unknown = ask.scopes.filter((scope) => rules.knownScopes && !rules.knownScopes.includes(scope));
  if (unknown.length > 0) return refuse('invalid_scope', `Some requested scopes were invalid: ${unknown.join(', ')}`);
  if (rules.requiredScope !== undefined && !ask.scopes.includes(rules.requiredScope)) {
    return refuse('invalid_scope', `Missing required scope: ${rules.requiredScope}`);
  }
  return { ask };
}

function typeFits(fields: Fields, rules: AskRules): boolean {
  if (fields.response_type === undefined) return rules.responseTypeRequired === false;
  const sorted = fields.response_type.split(/[ ,]+/).sort().join(' ');
  return (rules.responseTypes ?? ['code']).includes(sorted);
}

function readMode(fields: Fields, rules: AskRules): ResponseMode | null {
  const modes = rules.responseModes ?? ['query'];
  if (fields.response_mode === undefined) return fields.response_type?.includes('id_token') ? 'fragment' : 'query';
  return modes.find((mode) => mode === fields.response_mode) ?? null;
}

function readChallenge(fields: Fields): Ask['challenge'] {
  if (fields.code_challenge === undefined) return null;
  return { value: fields.code_challenge, method: fields.code_challenge_method === 'S256' ? 'S256' : 'plain' };
}

function findPkceProblem(fields: Fields, rules: AskRules): string | null {
  const { code_challenge: challenge, code_challenge_method: method } = fields;
  if (challenge === undefined) {
    if (method !== undefined) return 'code_challenge_method without code_challenge.';
    return rules.pkce === 'required' ? 'Missing parameter: code_challenge' : null;
  }
  if (method !== undefined && method !== 'S256' && method !== 'plain') return 'Invalid code_challenge_method.';
  return /^[A-Za-z0-9._~-]{43,128}$/.test(challenge) ? null : 'Invalid code_challenge.';
}
