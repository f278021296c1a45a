import { z } from 'zod';
import {
  embeddedAnswer,
  embeddedAnswered,
  embeddedQuery,
  embeddedQuestion,
  embeddedRefused,
} from '../../../contract/embedded-questions.ts';

/** An operation that a customer's own access token opens, as the document tells it; it is served apart from the others. */
export type CustomerOperation = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly scope: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body?: z.ZodType;
  /** By status; none: it tells nothing. */
  readonly replies: Readonly<Record<string, { readonly description: string; readonly reply?: z.ZodType }>>;
  /** By status: in the shape of every error. */
  readonly errors: Readonly<Record<string, string>>;
};

const errors = {
  401: 'No access token for this API that is good, or the customer is blocked or about to be erased',
  403: 'The token was not given the scope',
  429: 'More than 60 calls at once, or one a second in the long run; `retry-after` says when',
};
const browsers = "Pages of the portal's own origins (`web_origins`, `allowed_origins`, callbacks) may call it.";

export const customerOperations: readonly CustomerOperation[] = [
  {
    method: 'GET',
    path: '/me/question',
    summary: "What to ask the customer of this token in the portal's own page now",
    description: `Until it is answered the same comes again in this sign-in. Asking counts as shown. ${browsers}`,
    scope: 'read:current_user',
    params: z.strictObject({}),
    query: embeddedQuery,
    replies: { 200: { description: 'Ask this', reply: embeddedQuestion }, 204: { description: 'Nothing' } },
    errors: { 400: 'The query is not understood', ...errors },
  },
  {
    method: 'POST',
    path: '/me/question/{id}/answer',
    summary: 'Keep what the customer said to it',
    description: `Sent again, it says how it ended the first time and changes nothing. ${browsers}`,
    scope: 'update:current_user_metadata',
    params: z.strictObject({ id: z.uuid() }),
    query: embeddedQuery,
    body: embeddedAnswer,
    replies: {
      200: { description: 'How it ended', reply: embeddedAnswered },
      400: { description: 'Some answers cannot be taken, or the body is not understood', reply: embeddedRefused },
    },
    errors: {
      ...errors,
      404: 'Not asked of this customer at this portal',
      409: 'The words of a consent have changed: read the question anew',
    },
  },
];
