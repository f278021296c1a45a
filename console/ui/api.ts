import { consoleHeaders } from './console-headers.ts';
import { sessionAgain } from './session-end.ts';

/** A refusal of the API, in its own words. */
export class ApiError extends Error {
  readonly status: number;
  /** Stable: `insufficient_scope`, `changed_meanwhile`, ... */
  readonly code: string;
  /** What else the answer told. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, more: Readonly<Record<string, unknown>>) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** What was read, and which version of it that is. */
export type Versioned<T> = { readonly value: T; readonly version: string | undefined };

/** What stands behind the `?` of a call. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export type Call = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** The version that is changed: who comes second is told (`changed_meanwhile`) rather than overwrite. */
  readonly version?: string | undefined;
};

const sessionEnded =
  'Your session has ended. Sign in again in another tab, then do this again here: what you typed is still there.';

/**
 * One call of the Management API as the staff member who is signed in. Who is not any more signs in again, in another
 * tab: what was to be read is read then; what was to be changed is refused, to be done again.
 *
 * @param path below `/api/v2`: `/users`
 * @throws ApiError
 */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  return (await callVersioned<T>(path, options)).value;
}

/** The same, with the version of what is shown, for who changes it afterwards. */
export async function callVersioned<T>(path: string, options: Call = {}): Promise<Versioned<T>> {
  const response = await send(path, options);
  const version = response.headers.get('etag') ?? undefined;
  // Taken at the contract's word: the server's tests hold every answer to it, and reading each by its schema here would
  // bring the schemas and their library into the first load.
  if (response.status === 204) return { value: undefined as T, version };
  const answer: unknown = await response.json().catch(() => undefined);
  return { value: answer as T, version };
}

/** The same where the answer is a file, such as a picture. */
export async function callFile(path: string, options: Call = {}): Promise<Blob> {
  return (await send(path, options)).blob();
}

async function send(path: string, options: Call): Promise<Response> {
  const { method = 'GET', query = {}, body, signal, version } = options;
  const response = await fetch(addressOf(path, query), {
    method,
    headers: {
      ...consoleHeaders,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(version === undefined ? {} : { 'if-match': version }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
    credentials: 'same-origin',
    redirect: 'error',
  });
  if (response.ok) return response;
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.status === 401) {
    const again = sessionAgain();
    if (method !== 'GET') throw new ApiError(401, 'session_ended', sessionEnded, {});
    await again;
    return send(path, options);
  }
  const { errorCode, error, message, ...more } = isRecord(answer) ? answer : {};
  throw new ApiError(
    response.status,
    String(errorCode ?? error ?? response.status),
    typeof message === 'string' ? message : `The server answered ${response.status}. Try again in a moment.`,
    more,
  );
}

/** The address of a call, for what a browser fetches by itself: a download, a stream. */
export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return `/api/v2${path}${text && `?${text}`}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
