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
import { findBySubject } from '../../features/customers/customers.ts';
import { askedBy } from './asked-by.ts';
import { noUser, seesCustomer } from './find-user.ts';
import { type Api, type Circumstances, nothing, type Route, route } from './route.ts';
import { refuseHidden } from './sight.ts';
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
      audit: 'customer',
      together: true,
      params: nothing,
      query: nothing,
      body: verificationTicketDraft,
      status: 201,
      reply: ticket,
    },
    async (api, { body, ...from }) => makeTicket(api, from, 'verify_email', await subjectOf(api, from, body), body),
  ),
  route(
    {
      method: 'POST',
      path: '/tickets/password-change',
      summary: 'Make a link by which a user (customer) chooses a new password',
      may: ['create:user_tickets'],
      audit: 'customer',
      together: true,
      params: nothing,
      query: nothing,
      body: passwordTicketDraft,
      status: 201,
      reply: ticket,
    },
    async (api, { body, ...from }) =>
      makeTicket(api, from, 'reset_password', await passwordSubject(api, from, body), body),
  ),
  route(
    {
      method: 'POST',
      path: '/jobs/verification-email',
      summary: 'Mail a user (customer) a link that proves the address',
      may: ['update:users', 'create:verification_emails'],
      audit: 'customer',
      together: true,
      params: nothing,
      query: nothing,
      body: verificationMailDraft,
      status: 201,
      reply: doneJob,
    },
    async (api, { body, ...from }) => {
      await checkClient(api, from.caller.access, body.client_id);
      const subject = await subjectOf(api, from, body);
      const customer = await findBySubject(api.base.db, subject);
      const asked = await askedBy(api.base, from, { customer, portal: body.client_id });
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
  { caller }: Circumstances,
  purpose: 'reset_password' | 'verify_email',
  subject: string,
  { result_url, client_id, ttl_sec, includeEmailInRedirect, mark_email_as_verified }: Draft,
) {
  await checkClient(api, caller.access, client_id);
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
async function passwordSubject(api: Api, from: Circumstances, draft: PasswordTicketDraft): Promise<string> {
  const { user_id, connection_id, email, identity } = draft;
  if (user_id !== undefined) {
    if (connection_id === undefined && email === undefined) return subjectOf(api, from, { user_id, identity });
    throw new Problem('invalid_body', 'You cannot specify user_id together with connection_id or email.');
  }
  if (identity) throw new Problem('invalid_body', 'identity requires user_id.');
  if (connection_id === undefined || email === undefined) {
    throw new Problem('invalid_body', 'Either user_id, or both connection_id and email are required.');
  }
  refuseHidden(from.caller.access, ['email']);
  const connection = await cachedConnection(api.base, connection_id);
  if (!connection) {
    throw new Problem(
      'invalid_body',
      `The connection with id ${connection_id} does not exist (property connection_id).`,
    );
  }
  const subject = await accountWithEmail(api.base.db, connection.name, email);
  const customer = subject && (await findBySubject(api.base.db, subject));
  if (!subject || !customer || !(await seesCustomer(api, from.caller.access, customer.id))) throw noUser();
  from.note.on(customer);
  return subject;
}

/** In Auth0's words. */
export function noAddress(error: unknown): never {
  if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
  throw new Problem('invalid_body', 'The user does not have an email address (property user_id).');
}
