import type { FastifyInstance } from 'fastify';
import { mfaChallenge } from '../../../contract/authentication.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import { type Factor, sendFactorCode } from '../../features/accounts/accounts.ts';
import { challengeable } from '../login/login.ts';
import { readPart } from '../management/management.ts';
import { checkSecret } from './asking.ts';
import { channelOf, readAuthenticatorId } from './mfa-authenticators.ts';
import { type MfaAsking, mfaAsking } from './mfa-bearer.ts';

/**
 * `POST /mfa/challenge`: which factor the customer is asked for. An app needs nothing more; to a phone or an address a
 * code is sent, whose `oob_code` goes to the token endpoint together with what was typed.
 */
export function serveMfaChallenge(scope: FastifyInstance, base: Base): void {
  scope.post('/mfa/challenge', async (request, reply) => {
    const body = readPart('body', mfaChallenge, request.body);
    const asking = await mfaAsking(base, request, reply, body.mfa_token, body.client_id);
    checkSecret(base, asking, body.client_secret);
    const types = body.challenge_type.split(' ');
    const chosen = await choose(base, asking, types, body.authenticator_id, body.oob_channel);
    if (chosen.factor.kind === 'totp') return { challenge_type: 'otp' };
    const { customer, flow } = asking.signIn;
    const { code } = await sendFactorCode(base, {
      customer: customer.id,
      factor: chosen.factor.id,
      channel: chosen.channel === 'voice' ? 'voice' : 'sms',
      flow,
      asked: asking.asked,
    });
    return { challenge_type: 'oob', oob_code: code, binding_method: 'prompt' };
  });
}

/** The factor that is named, or the first of the customer's that fits. Throws Problem invalid_body. */
async function choose(
  base: Base,
  { signIn }: MfaAsking,
  types: readonly string[],
  authenticatorId: string | undefined,
  wished: 'sms' | 'voice' | 'email' | undefined,
): Promise<{ factor: Factor; channel: string | undefined }> {
  const factors = await challengeable(base, signIn.customer.id, signIn.amr, signIn.factor?.kinds);
  const named = authenticatorId === undefined ? undefined : readAuthenticatorId(authenticatorId);
  const phones = await textChannels(base);
  const [phone] = phones;
  for (const factor of factors) {
    // Nothing needs to be sent for these.
    if (factor.kind === 'recovery_codes') continue;
    if (authenticatorId !== undefined && factor.id !== named?.id) continue;
    const channel = channelOf(factor, named?.type ?? wished ?? phone);
    const canBeSent = factor.kind !== 'phone' || phones.some((one) => one === channel);
    const fits = types.includes(factor.kind === 'totp' ? 'otp' : 'oob');
    if (fits && canBeSent && (wished === undefined || channel === wished)) return { factor, channel };
  }
  throw new Problem('invalid_body', 'The user has no authenticator of this challenge_type.');
}
