import { STATUS_CODES } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { type Shown, toProblem } from '../../base/http.ts';

/** An error of the Management API, as Auth0 shapes it. */
export type ApiError = {
  statusCode: number;
  error: string;
  message: string;
  errorCode?: string;
  /** With `changed_meanwhile`: what is there now. */
  present?: unknown;
  /** With the settings of a ready rule: all that is refused of them, of which the message tells the first. */
  faults?: unknown;
};

/** Auth0's codes for ours, where a route does not say a more exact one by `extra.errorCode`. */
const errorCodes: Readonly<Record<string, string>> = {
  changed_meanwhile: 'changed_meanwhile',
  address_erased: 'address_erased',
  body_too_large: 'invalid_body',
  invalid_body: 'invalid_body',
  invalid_query: 'invalid_query_string',
  invalid_uri: 'invalid_uri',
  no_picture: 'no_picture',
  password_weak: 'invalid_body',
  too_many_attempts: 'too_many_requests',
};

/** What a caller is told of any error. */
export function toApiError(base: Base, error: unknown, request: FastifyRequest): ApiError {
  return toError(toProblem(base, error, request));
}

/** The same of one that is in words already. */
export function toError({ code, status, message, extra }: Shown): ApiError {
  const errorCode = typeof extra.errorCode === 'string' ? extra.errorCode : errorCodes[code];
  return {
    statusCode: status,
    error: STATUS_CODES[status] ?? 'Error',
    message,
    ...(errorCode !== undefined && { errorCode }),
    ...(code === 'changed_meanwhile' && { present: extra.present }),
    ...(Array.isArray(extra.faults) && { faults: extra.faults }),
  };
}
