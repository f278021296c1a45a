import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { CodeVisit, Journey, PasswordAnswer } from './journey-port.ts';
import { exchangeOwn, required } from './own-grant.ts';

/** The portal takes the code that `/passwordless/start` mailed or sent to a phone. Off unless the portal has the grant type. */
export const passwordlessGrant = 'http://auth0.com/oauth/grant-type/passwordless/otp';

const params = ['username', 'otp', 'scope', 'audience', 'realm'];

/** Teaches the engine the grant type. */
export function addPasswordlessGrant(base: Base, provider: Provider, journey: Journey): void {
  provider.registerGrantType(
    passwordlessGrant,
    (ctx) =>
      exchangeOwn(base, provider, ctx, 'passwordless', (visit) => {
        const realm = required(ctx, 'realm');
        if (realm !== 'email' && realm !== 'sms') throw new errors.InvalidRequest('realm must be email or sms');
        return prove(journey, { ...visit, realm, username: required(ctx, 'username'), otp: required(ctx, 'otp') });
      }),
    params,
  );
}

const wrong = {
  email: 'Wrong email or verification code.',
  sms: 'Wrong phone number or verification code.',
} as const;

/** A code that is wrong, too old, or was never sent is answered alike, in Auth0's words. */
async function prove(journey: Journey, visit: CodeVisit): Promise<PasswordAnswer> {
  try {
    return await journey.onCode(visit);
  } catch (error) {
    if (!isProblem(error, 'code_wrong', 'code_expired')) throw error;
    throw new errors.CustomOIDCProviderError('invalid_grant', wrong[visit.realm]);
  }
}
