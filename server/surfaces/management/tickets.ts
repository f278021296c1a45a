import {
  doneJob,
  type PasswordTicketDraft,
  passwordTicketDraft,
  ticket,
  verificationMailDraft,
  verificationTicketDraft,
} from '../../../contract/tickets.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { alphanumeric } from '../../base/ids.ts';
import { accountWithEmail, createTicket, startVerification } from '../../features/accounts/accounts.ts';
import { cachedConnection } from '../../features/connections/connections.ts';
import { askedBy } from './asked-by.ts';
import { clientOf } from './caller.ts';
import { type Api, nothing, type Route, route } from './route.ts';
import { checkClient, subjectOf } from './ticket-subject.ts';

const fiveDays = 432_000;

/** Links that the umbrella hands on itself, and the mail that asks for a proof of the address. */
export const ticketRoutes: readonly Route[] = [
  route(
    {
      method: 'POST',
      path: '/tickets/email-verification',
      summary: 'Make a link that proves the address of a user (customer)',
      may: ['create:user_tickets'],
      params: nothing,
      query: nothing,
      body: verificationTicketDraft,
      status: 201,
      reply: ticket,
    },
    async (api, { body }) => makeTicket(api, 'verify_email', await subjectOf(api, body), body),
  ),
  route(
    {
      method: 'POST',
      path: '/tickets/password-change',
      summary: 'Make a link by which a user (customer) chooses a new password',
      may: ['create:user_tickets'],
      params: nothing,
      query: nothing,
      body: passwordTicketDraft,
      status: 201,
      reply: ticket,
    },
    async (api, { body }) => makeTicket(api, 'reset_password', await passwordSubject(api, body), body),
  ),
  route(
    {
      method: 'POST',
      path: '/jobs/verification-email',
      summary: 'Mail a user (customer) a link that proves the address',
      may: ['update:users'],
      params: nothing,
      query: nothing,
      body: verificationMailDraft,
      status: 201,
      reply: doneJob,
    },
    async (api, { body, caller, ip }) => {
      await checkClient(api, body.client_id);
      const subject = await subjectOf(api, body);
      const asked = await askedBy(api.base, body.client_id ?? clientOf(caller), ip);
      await startVerification(api.base, { subject, asked, isCounted: true }).catch(noAddress);
      const created_at = now().toISOString();
      return { id: `job_${alphanumeric(16)}`, type: 'verification_email', status: 'completed', created_at };
    },
  ),
];

type Draft = Pick<PasswordTicketDraft, 'result_url' | 'client_id' | 'ttl_sec' | 'includeEmailInRedirect'> & {
  mark_email_as_verified?: boolean;
};

async function makeTicket(
  api: Api,
  purpose: 'reset_password' | 'verify_email',
  subject: string,
  { result_url, client_id, ttl_sec, includeEmailInRedirect, mark_email_as_verified }: Draft,
) {
  await checkClient(api, client_id);
  if (result_url !== undefined && client_id !== undefined) {
    throw new Problem('invalid_body', 'You cannot specify both result_url and client_id.');
  }
  const { url } = await createTicket(api.base, api.base.db, {
    purpose,
    subject,
    seconds: ttl_sec || fiveDays,
    resultUrl: result_url,
    emailInResult: includeEmailInRedirect,
    proves: purpose === 'verify_email' || mark_email_as_verified,
    portal: client_id,
  }).catch(noAddress);
  return { ticket: url };
}

/** By user, or by connection and address. */
async function passwordSubject(api: Api, draft: PasswordTicketDraft): Promise<string> {
  const { user_id, connection_id, email, identity } = draft;
  if (user_id !== undefined) {
    if (connection_id === undefined && email === undefined) return subjectOf(api, { user_id, identity });
    throw new Problem('invalid_body', 'You cannot specify user_id together with connection_id or email.');
  }
  if (identity) throw new Problem('invalid_body', 'identity requires user_id.');
  if (connection_id === undefined || email === undefined) {
    throw new Problem('invalid_body', 'Either user_id, or both connection_id and email are required.');
  }
  const connection = await cachedConnection(api.base, connection_id);
  if (!connection) {
    throw new Problem(
      'invalid_body',
      `The connection with id ${connection_id} does not exist (property connection_id).`,
    );
  }
  const subject = await accountWithEmail(api.base.db, connection.name, email);
  if (subject) return subject;
  throw new Problem('not_found', 'The user does not exist.', { errorCode: 'inexistent_user' });
}

function noAddress(error: unknown): never {
  if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
  throw new Problem('invalid_body', 'The user does not have an email address (property user_id).');
}
