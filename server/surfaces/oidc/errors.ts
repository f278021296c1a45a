import { errors } from 'oidc-provider';
import { isProblem, type Problem, type ProblemCode } from '../../base/errors.ts';

/** An error as OAuth clients read it. */
export type OAuthError = {
  status: number;
  error: string;
  error_description: string;
  headers?: Record<string, string>;
  /** With `mfa_required`: the token to go on with, and which factors can be asked for. */
  mfa_token?: unknown;
  mfa_requirements?: unknown;
};

/** What the request wanted, where the same refusal has several names. */
export type Wanted = { grantType?: string | undefined };

/** Auth0's words for what the engine refuses at the back-channel endpoints. The only place that knows them. */
export function toOAuthError(refused: unknown, wanted: Wanted = {}): OAuthError {
  if (isProblem(refused)) return fromProblem(refused);
  if (!(refused instanceof errors.OIDCProviderError) || !refused.expose) return serverError;
  const description = refused.error_description ?? refused.message;
  if (refused instanceof errors.InvalidClientAuth || refused instanceof errors.InvalidClient) {
    return { status: 401, error: 'access_denied', error_description: 'Unauthorized' };
  }
  if (refused instanceof errors.InvalidGrant) return invalidGrant(refused, wanted);
  if (refused instanceof errors.UnsupportedGrantType) {
    const type = wanted.grantType ?? '';
    return { status: 403, error: 'unsupported_grant_type', error_description: `Unsupported grant type: ${type}` };
  }
  if (refused.message === 'invalid_request') return invalidRequest(description, wanted);
  if (refused instanceof errors.AccessDenied && refused.error_description !== undefined) {
    const status = wanted.grantType?.endsWith(':device_code') ? 400 : 403;
    return { status, error: 'access_denied', error_description: description };
  }
  const status = refused instanceof errors.CustomOIDCProviderError ? customStatus(refused.error) : refused.statusCode;
  return { status, error: refused.error, error_description: description };
}

const serverError: OAuthError = { status: 500, error: 'server_error', error_description: 'Something went wrong.' };

function invalidGrant(refused: errors.InvalidGrant, { grantType }: Wanted): OAuthError {
  const detail = refused.error_detail ?? '';
  const grant = (error_description: string) => ({ status: 403, error: 'invalid_grant', error_description });
  if (/DPoP/.test(detail)) return { status: 400, error: 'invalid_dpop_proof', error_description: detail };
  if (grantType === 'refresh_token') return grant('Unknown or invalid refresh token.');
  if (grantType === 'authorization_code') {
    return grant(
      /code_(verifier|challenge)/.test(detail) ? 'Failed to verify code verifier' : 'Invalid authorization code',
    );
  }
  return grant(grantType?.endsWith('device_code') ? 'Invalid or expired device code.' : 'Invalid grant');
}

function invalidRequest(description: string, { grantType = '' }: Wanted): OAuthError {
  if (description === 'requested grant type is not allowed for this client') {
    const error_description = `Grant type '${grantType}' not allowed for the client.`;
    return { status: 403, error: 'unauthorized_client', error_description };
  }
  const missing = /^missing required parameters?\(?s?\)? (.*)$/.exec(description)?.[1];
  const error_description = missing ? `Missing required parameter: ${missing.replaceAll("'", '')}` : description;
  return { status: 400, error: 'invalid_request', error_description };
}

function customStatus(error: string): number {
  if (error === 'expired_token') return 401;
  return ['invalid_grant', 'access_denied', 'mfa_required', 'unauthorized_client'].includes(error) ? 403 : 400;
}

/** What a feature refuses, in OAuth's shape: the password grant's refusals above all. */
function fromProblem(problem: Problem): OAuthError {
  const names: Partial<Record<ProblemCode, string>> = {
    busy: 'temporarily_unavailable',
    invalid_body: 'invalid_request',
    unauthenticated: 'access_denied',
    user_blocked: 'unauthorized',
    wrong_credentials: 'invalid_grant',
  };
  const { error: told } = problem.extra;
  const error = typeof told === 'string' ? told : (names[problem.code] ?? problem.code);
  const headers = problem.code === 'busy' ? { 'retry-after': '2' } : undefined;
  const { mfa_token, mfa_requirements } = problem.extra;
  const more = problem.code === 'mfa_required' ? { mfa_token, mfa_requirements } : {};
  return { status: problem.status, error, error_description: problem.message, ...more, ...(headers && { headers }) };
}
