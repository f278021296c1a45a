import { STATUS_CODES } from 'node:http';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { findByUserId } from '../../features/customers/customers.ts';
import { powersOf } from '../../features/staff/staff.ts';
import type { OwnApi } from '../login/login.ts';
import type { Caller } from './caller.ts';
import { toError } from './errors.ts';
import { checkScopes } from './guard.ts';
import { openNote } from './note.ts';
import type { Api, Route } from './route.ts';
import { routes } from './routes.ts';
import { runRoute } from './run-route.ts';
import { sightOf } from './sight-of.ts';

type Call = Parameters<OwnApi>[0];

// Of the one customer who signs in: what `auth0.accessToken` opens unless the umbrella wants more.
const ofOne = new Set(['GET /users/{id}', 'PATCH /users/{id}']);

/**
 * The Management API for the umbrella's own code, called inside of this process: the same operations behind the same
 * checks, with an entry in the audit log, and never one for which the call has no scope or that is about somebody else.
 */
export function createOwnApi(api: Api): OwnApi {
  const { base } = api;
  return async (call) => {
    try {
      const found = find(call);
      if (!found) throw new Problem('not_found');
      const caller = await callerOf(base, call);
      checkScopes(caller, found.route.may);
      await checkReach(base, call, found);
      const answer = await act(api, call, found, caller);
      await base.settings.refresh();
      return { status: found.route.status, body: answer === undefined ? '' : JSON.stringify(answer) };
    } catch (error) {
      const shown = toError(isProblem(error) ? error : fault(base, error));
      return { status: shown.statusCode, body: JSON.stringify(shown) };
    }
  };
}

type Matched = { readonly route: Route; readonly params: Record<string, string> };

function find({ method, path }: Call): Matched | undefined {
  for (const route of routes) {
    // Events that go on, files and pictures are not for code that waits for JSON.
    if (route.type !== undefined) continue;
    const pattern = new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
    if (groups || (route.method === method && pattern.test(path))) return { route, params: decoded(groups ?? {}) };
  }
  return undefined;
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new Problem('invalid_uri');
  }
}

async function callerOf(base: Base, { origin, scopes }: Call): Promise<Caller> {
  const grant = { scopes: [...scopes], reads: ['*', 'sensitive'], writes: ['*', 'sensitive'], brands: null };
  const { access } = powersOf([grant], null, new Set());
  return {
    kind: 'machine',
    clientId: origin,
    name: 'Rules and actions',
    scopes: new Set(scopes),
    access: await sightOf(base, access),
  };
}

/** Whoever else it is about, and whether there is anybody, is not told. */
async function checkReach({ db }: Base, { only }: Call, { route, params }: Matched): Promise<void> {
  if (only === undefined) return;
  const isOfOne = ofOne.has(`${route.method} ${route.path}`);
  const customer = isOfOne ? await findByUserId(db, params.id ?? '') : undefined;
  if (customer?.id === only) return;
  const message =
    'This token is good for the customer who signs in, and nobody else, until the umbrella lets code reach everybody (code_reaches).';
  throw new Problem('access_denied', message, { errorCode: 'insufficient_scope' });
}

async function act(api: Api, { query, body, ip }: Call, { route, params }: Matched, caller: Caller): Promise<unknown> {
  const note = openNote(api.base, route, caller, { params, ip, headers: {} });
  const parts = { params, query, body: readJson(body), caller, ip, note, ifMatch: undefined };
  const answer = await runRoute(api, route, parts);
  return route.status === 202 || route.status === 204 ? undefined : answer;
}

function readJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text, (name, value: unknown) => {
      if (name === '__proto__') throw new Problem('invalid_body');
      return value;
    });
  } catch {
    throw new Problem('invalid_body', 'The request could not be read.');
  }
}

function fault(base: Base, error: unknown) {
  base.log.error({ err: error }, 'a call of the Management API by a rule went wrong');
  const message = `${STATUS_CODES[500]}`;
  return { code: 'server_error', status: 500, message, extra: {} };
}
