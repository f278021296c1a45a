import type { FastifyInstance } from 'fastify';
import { type LinkParams, type PasswordlessStart, passwordlessStart } from '../../../contract/authentication.ts';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { hex24 } from '../../base/ids.ts';
import { beginPhoneCode, beginPortalCode, mailSignInLink } from '../../features/accounts/accounts.ts';
import type { Portal } from '../../features/portals/portals.ts';
import { offerOf } from '../login/login.ts';
import { readPart } from '../management/management.ts';
import { type Asking, checkSecret, portalAsking } from './asking.ts';

/**
 * `POST /passwordless/start`: mails a code, which the portal takes to the token endpoint, or a link, which leads through
 * a page of ours to the portal's callback; or sends a code to a phone. The answer is the same for every address and number.
 */
export function servePasswordless(scope: FastifyInstance, base: Base): void {
  scope.post('/passwordless/start', async (request, reply) => {
    const body = readPart('body', passwordlessStart, request.body);
    const asking = await portalAsking(base, request, reply, body.client_id);
    checkSecret(base, asking, body.client_secret);
    const { store, text } = await offerOf(base, asking.portal);
    const { connection, email, phone_number } = body;
    if (connection === 'email' && store) {
      if (email === undefined) return reply.code(400).send(badEmail);
      const address = await mail(base, asking, body, email).catch(unlessField('email'));
      if (address === undefined) return reply.code(400).send(badEmail);
      return { _id: hex24(), email: address, email_verified: false };
    }
    if (connection === 'sms' && text) {
      if (phone_number === undefined) return reply.code(400).send(badPhoneNumber);
      const place = { portal: asking.portal.client_id };
      const ask = { phone: phone_number, place, asked: asking.asked };
      const sent = await beginPhoneCode(base, ask).catch(unlessField('phone'));
      if (sent === undefined) return reply.code(400).send(badPhoneNumber);
      return { _id: hex24(), phone_number: sent.address, phone_verified: false };
    }
    return reply.code(400).send(badConnection);
  });
}

const badConnection = { error: 'bad.connection', error_description: 'Connection does not exist or is disabled.' };
const badPhoneNumber = {
  error: 'bad.phone_number',
  error_description: 'Phone number is missing or is not a number with its country, as +14155550100.',
};
const badEmail = { error: 'bad.email', error_description: 'Email is missing or is not an e-mail address.' };

/** Nothing, where it is this field that is wrong. */
function unlessField(field: string): (error: unknown) => undefined {
  return (error) => {
    if (isProblem(error, 'invalid_body') && error.extra.field === field) return undefined;
    throw error;
  };
}

async function mail(
  base: Base,
  { portal, asked }: Asking,
  { send, authParams = {} }: PasswordlessStart,
  email: string,
): Promise<string> {
  const ask = { email, portal: portal.client_id, asked };
  if (send === 'code') return (await beginPortalCode(base, ask)).address;
  const { address } = await mailSignInLink(base, { ...ask, about: linkParamsOf(portal, authParams) });
  return address;
}

/**
 * What the link's authorization request will be. What the engine would refuse is refused here, where somebody reads it.
 *
 * @throws Problem invalid_body
 */
function linkParamsOf({ settings }: Portal, params: LinkParams): Record<string, string> {
  const { redirect_uri = settings.callbacks[0], code_challenge } = params;
  if (redirect_uri === undefined || !settings.callbacks.includes(redirect_uri)) {
    throw new Problem('invalid_body', 'authParams.redirect_uri is not one of the allowed callback URLs.');
  }
  if (code_challenge === undefined && settings.token_endpoint_auth_method === 'none') {
    throw new Problem('invalid_body', 'authParams.code_challenge is required: this client has no secret.');
  }
  if (!settings.grant_types.includes('authorization_code')) {
    throw new Problem('invalid_body', 'A link needs the grant type authorization_code.');
  }
  const given = Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    ...Object.fromEntries(given),
    redirect_uri,
    response_type: 'code',
    ...(code_challenge !== undefined && { code_challenge_method: 'S256' }),
  };
}
