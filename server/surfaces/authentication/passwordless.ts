import type { FastifyInstance } from 'fastify';
import { type LinkParams, type PasswordlessStart, passwordlessStart } from '../../../contract/authentication.ts';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { hex24 } from '../../base/ids.ts';
import { beginPortalCode, mailSignInLink } from '../../features/accounts/accounts.ts';
import type { Portal } from '../../features/portals/portals.ts';
import { offerOf } from '../login/login.ts';
import { readPart } from '../management/management.ts';
import { type Asking, checkSecret, portalAsking } from './asking.ts';

/**
 * `POST /passwordless/start`: mails a code, which the portal takes to the token endpoint, or a link, which leads through
 * a page of ours to the portal's callback. The answer is the same for every address.
 */
export function servePasswordless(scope: FastifyInstance, base: Base): void {
  scope.post('/passwordless/start', async (request, reply) => {
    const body = readPart('body', passwordlessStart, request.body);
    const asking = await portalAsking(base, request, reply, body.client_id);
    checkSecret(base, asking, body.client_secret);
    const { store } = await offerOf(base, asking.portal);
    if (body.connection !== 'email' || !store) return reply.code(400).send(badConnection);
    if (body.email === undefined) return reply.code(400).send(badEmail);
    try {
      const address = await mail(base, asking, body, body.email);
      return { _id: hex24(), email: address, email_verified: false };
    } catch (error) {
      if (isProblem(error, 'invalid_body') && error.extra.field === 'email') return reply.code(400).send(badEmail);
      throw error;
    }
  });
}

const badConnection = { error: 'bad.connection', error_description: 'Connection does not exist or is disabled.' };
const badEmail = { error: 'bad.email', error_description: 'Email is missing or is not an e-mail address.' };

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
