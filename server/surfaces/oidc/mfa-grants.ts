import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { Journey, TypedSecond } from './journey-port.ts';
import { exchangeOwn, required } from './own-grant.ts';

/** A grant that ends a sign-in which was answered `mfa_required`, and what it is told when the code is not right. */
type MfaGrant = {
  readonly params: readonly string[];
  readonly wrong: string;
  typed(ctx: KoaContextWithOIDC): TypedSecond;
};

const grants: Readonly<Record<string, MfaGrant>> = {
  'http://auth0.com/oauth/grant-type/mfa-otp': {
    params: ['otp'],
    wrong: 'Invalid otp_code.',
    typed: (ctx) => ({ by: 'totp', typed: required(ctx, 'otp') }),
  },
  'http://auth0.com/oauth/grant-type/mfa-oob': {
    params: ['oob_code', 'binding_code'],
    wrong: 'Invalid oob_code or binding_code.',
    typed: (ctx) => ({ by: 'code', code: required(ctx, 'oob_code'), typed: required(ctx, 'binding_code') }),
  },
  'http://auth0.com/oauth/grant-type/mfa-recovery-code': {
    params: ['recovery_code'],
    wrong: 'Invalid recovery_code.',
    typed: (ctx) => ({ by: 'recovery_code', typed: required(ctx, 'recovery_code') }),
  },
};

export const mfaGrants = Object.keys(grants);

/** Teaches the engine the three grant types. The tokens are those that were asked for with the first factor. */
export function addMfaGrants(base: Base, provider: Provider, journey: Journey): void {
  for (const [name, { params, wrong, typed }] of Object.entries(grants)) {
    provider.registerGrantType(
      name,
      (ctx) =>
        exchangeOwn(base, provider, ctx, 'password', async ({ request, portal }) => {
          const visit = { request, portal, mfaToken: required(ctx, 'mfa_token'), typed: typed(ctx) };
          try {
            return await journey.onSecondFactor(visit);
          } catch (error) {
            if (isProblem(error, 'code_wrong', 'code_expired')) {
              throw new errors.CustomOIDCProviderError('invalid_grant', wrong);
            }
            if (!isProblem(error, 'flow_expired')) throw error;
            throw new errors.CustomOIDCProviderError('expired_token', 'mfa_token is expired');
          }
        }),
      ['mfa_token', ...params],
    );
  }
}
