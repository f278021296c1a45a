import { createHash, randomBytes } from 'node:crypto';
import type { Ask } from './ask.ts';
import type { Fields } from './fields.ts';

/** What one person allowed one client, once. */
export interface Grant {
  ask: Ask;
  personId: string;
  scopes: readonly string[];
  /** The person's first yes to this client (Apple tells the name only then). */
  first: boolean;
  /** The person chose a relay address (Apple). */
  hidesEmail: boolean;
  /** Seconds since 1970. */
  authTime: number;
}

export type CodeRefusal =
  | 'missing'
  | 'unknown'
  | 'used'
  | 'expired'
  | 'client'
  | 'redirect_uri'
  | 'verifier_missing'
  | 'verifier_wrong';

export interface Grants {
  /** A single-use code, good for 60 s. */
  issueCode(grant: Grant): string;
  /**
   * Takes a code in exchange for its grant. The first try uses the code up, whatever comes of it; a second one also
   * ends the tokens made from it (RFC 6749 4.1.2). `redirectUriOptional`: it need not be sent again, only not wrongly.
   */
  redeem(
    fields: Fields,
    clientId: string,
    habits?: { redirectUriOptional: boolean },
  ): { grant: Grant; code: string } | { refused: CodeRefusal };
  /** An opaque token. `seconds` may be negative: then it is born expired. */
  issueToken(kind: 'access' | 'refresh', grant: Grant, seconds: number, code?: string): string;
  readToken(kind: 'access' | 'refresh', token: string | undefined): Grant | 'expired' | undefined;
  endToken(token: string): void;
}

const codeSeconds = 60;

interface StoredCode {
  grant: Grant;
  expires: number;
  used: boolean;
}

interface StoredToken {
  grant: Grant;
  expires: number;
  code: string | undefined;
}

export function createGrants(): Grants {
  const codes = new Map<string, StoredCode>();
  const tokens = new Map<string, StoredToken>();

  function forgetOld(): void {
    const anHourAgo = Date.now() - 3_600_000;
    for (const [code, stored] of codes) if (stored.expires < anHourAgo) codes.delete(code);
    for (const [token, stored] of tokens) if (stored.expires < anHourAgo) tokens.delete(token);
  }

  return {
    issueCode(grant) {
      forgetOld();
      const code = randomBytes(24).toString('base64url');
      codes.set(code, { grant, expires: Date.now() + codeSeconds * 1000, used: false });
      return code;
    },
    redeem(fields, clientId, habits) {
      if (fields.code === undefined) return { refused: 'missing' };
      const stored = codes.get(fields.code);
      if (!stored) return { refused: 'unknown' };
      if (stored.used) {
        for (const [token, made] of tokens) if (made.code === fields.code) tokens.delete(token);
        return { refused: 'used' };
      }
      stored.used = true;
      const { ask } = stored.grant;
      if (ask.client.clientId !== clientId) return { refused: 'client' };
      if (stored.expires <= Date.now()) return { refused: 'expired' };
      const leftOut = habits?.redirectUriOptional && fields.redirect_uri === undefined;
      if (!leftOut && !sameRedirect(ask, fields)) return { refused: 'redirect_uri' };
      const refused = refuseVerifier(ask, fields.code_verifier);
      return refused ? { refused } : { grant: stored.grant, code: fields.code };
    },
    issueToken(kind, grant, seconds, code) {
      const token = `${kind}-${randomBytes(24).toString('base64url')}`;
      tokens.set(token, { grant, expires: Date.now() + seconds * 1000, code });
      return token;
    },
    readToken(kind, token) {
      const stored = token?.startsWith(`${kind}-`) ? tokens.get(token) : undefined;
      if (!stored) return undefined;
      return stored.expires <= Date.now() ? 'expired' : stored.grant;
    },
    endToken(token) {
      tokens.delete(token);
    },
  };
}

/** RFC 6749 4.1.3: the same `redirect_uri` again, if the authorization request had one. */
function sameRedirect(ask: Ask, fields: Fields): boolean {
  if (ask.fields.redirect_uri === undefined && fields.redirect_uri === undefined) return true;
  return fields.redirect_uri === ask.redirectUri;
}

/** RFC 7636 4.6; a verifier without a challenge is refused too (RFC 9700 4.8.2, downgrade). */
function refuseVerifier(ask: Ask, verifier: string | undefined): CodeRefusal | null {
  if (ask.pkce === 'ignored') return null;
  if (!ask.challenge) return verifier === undefined ? null : 'verifier_wrong';
  if (verifier === undefined) return 'verifier_missing';
  const { value, method } = ask.challenge;
  const computed = method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  return computed === value ? null : 'verifier_wrong';
}
