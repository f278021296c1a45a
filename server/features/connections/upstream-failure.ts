import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import type { NetworkConnection } from './connection.ts';

/** The problem of an answer that is not what was agreed; `reason` is a few words for the log, never what was read. */
export function networkFailed(reason: string): Problem {
  return new Problem('network_failed', undefined, { reason });
}

/** Every way a network can fail becomes one of two problems; the log says which way, without what was sent or read. */
export async function translated<T>(
  base: Pick<Base, 'log'>,
  connection: NetworkConnection,
  step: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const refused = error instanceof AuthorizationResponseError && /^(access_denied|user_)/.test(error.error);
    const reason = reasonOf(error);
    if (refused) base.log.info({ connection: connection.name, reason }, 'the customer said no at the network');
    else base.log.warn({ connection: connection.name, step, reason }, 'a network failed');
    throw new Problem(refused ? 'network_refused' : 'network_failed', undefined, { reason });
  }
}

/** Why a call failed, in words that hold nothing of what was sent or read. */
export function reasonOf(error: unknown): string {
  if (isProblem(error)) return `${error.code}: ${String(error.extra.reason ?? error.message)}`;
  const told = error instanceof AuthorizationResponseError || error instanceof ResponseBodyError ? error.error : '';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const name = error instanceof Error ? error.name : 'unknown';
  // What a network calls its error is shown only if it is one plain word.
  return [name, code, /^[a-z_]{1,60}$/.test(told) && told].filter(Boolean).join(' ');
}
