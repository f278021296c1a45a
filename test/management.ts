import assert from 'node:assert/strict';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Config } from '../server/base/config.ts';
import { createHttp } from '../server/base/http.ts';
import { uuid } from '../server/base/ids.ts';
import { erasures, exports } from '../server/customer-data.ts';
import { createGrant, createPortal } from '../server/features/portals/portals.ts';
import { ensureSystemApi, registerManagement } from '../server/surfaces/management/management.ts';
import { managementAudience } from '../server/surfaces/management/management-audience.ts';
import type { Rate } from '../server/surfaces/management/rate-limit.ts';
import { scopesFor } from '../server/surfaces/management/route.ts';
import { routes } from '../server/surfaces/management/routes.ts';
import { signingKeyVerbs } from '../server/surfaces/oidc/signing-key-verbs.ts';
import { ensureSigningKeys } from '../server/surfaces/oidc/signing-keys.ts';
import { misfit } from './auth0-shapes.ts';
import { testBase } from './base.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
export type Answer = { status: number; body: unknown; headers: Record<string, unknown> };

/** One call of the Management API and what must come back. */
export type Scenario = {
  name: string;
  call: [method: Method, path: string, body?: unknown];
  /** Scopes of the caller's token; all of them unless told otherwise. */
  scopes?: string;
  status: number;
  /** What must be in the answer (a part of it). */
  reply?: object;
};

/** The Management API on a fresh database, with a machine that may do everything. */
export async function managementTest(
  rate: Rate = { burst: 1_000_000, perSecond: 1_000_000 },
  config: Partial<Config> = {},
) {
  const base = await testBase(config);
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' }] };
  const ended: string[] = [];
  const app = await createHttp(base);
  const served: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) served.push(`${one} ${url}`);
  });
  await registerManagement(app, base, {
    publicKeys: async () => jwks,
    endSessions: async (_tx, customerId) => {
      ended.push(customerId);
    },
    validateClient: () => undefined,
    erasures,
    exports,
    signingKeys: signingKeyVerbs(base),
    rate,
  });
  await ensureSigningKeys(base);
  const draft = { client_id: 'machine', name: 'Machine', app_type: 'non_interactive' } as const;
  await createPortal(base, draft, () => undefined);
  await ensureSystemApi(base);
  const audience = managementAudience(base);
  await createGrant(base, { client_id: 'machine', audience, scope: routes.flatMap(scopesFor) });

  /** An access token, good unless `claims` say otherwise. */
  async function token(claims: Record<string, unknown> = {}, key = privateKey, typ = 'JWT'): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000);
    const good = {
      iss: base.config.issuer,
      aud: `${base.config.issuer}api/v2/`,
      sub: 'machine@clients',
      azp: 'machine',
      scope: routes.flatMap(scopesFor).join(' '),
      gty: 'client-credentials',
      iat: seconds,
      exp: seconds + 60,
    };
    const jwt = new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'test', typ });
    return jwt.sign(key);
  }

  async function send(
    method: Method,
    path: string,
    options: { body?: unknown; headers?: Record<string, string>; payload?: string } = {},
  ): Promise<Answer> {
    const { body, headers = {}, payload = body === undefined ? undefined : JSON.stringify(body) } = options;
    const response = await app.inject({
      method,
      url: `/api/v2${path}`,
      headers: {
        host: new URL(base.config.url).host,
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload !== undefined && { payload }),
    });
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return {
      status: response.statusCode,
      body: isJson ? response.json() : response.body,
      headers: response.headers,
    };
  }

  /** A call with a good token; a good answer must be of the declared shape and of Auth0's. */
  async function call(method: Method, path: string, body?: unknown, scopes?: string): Promise<Answer> {
    const bearer = await token(scopes === undefined ? {} : { scope: scopes });
    const answer = await send(method, path, { body, headers: { authorization: `Bearer ${bearer}` } });
    if (answer.status < 300) checkShape(method, path, answer);
    return answer;
  }

  /** Runs a scenario and gives what came back. */
  async function run(scenario: Scenario): Promise<Answer> {
    const [method, path, body] = scenario.call;
    const answer = await call(method, path, body, scenario.scopes);
    const told = `${scenario.name}: ${method} ${path} answered ${JSON.stringify(answer.body)}`;
    assert.equal(answer.status, scenario.status, told);
    if (scenario.reply) assert.partialDeepStrictEqual(answer.body, scenario.reply, told);
    return answer;
  }

  async function close(): Promise<void> {
    await app.close();
    await base.close();
  }

  return { base, app, served, ended, privateKey, token, send, call, run, close };
}

export type ManagementTest = Awaited<ReturnType<typeof managementTest>>;

function checkShape(method: Method, url: string, answer: Answer): void {
  const [path = '', query = ''] = url.split('?');
  const route = routes.find((one) => one.method === method && toPattern(one.path).test(path));
  assert.ok(route, `${method} ${path} is an operation`);
  assert.equal(answer.status, route.status);
  // Auth0 has no such way to list users.
  const isOurs = path === '/users' && /(^|&)(search|filter|from|take)=/.test(query);
  const wrong = isOurs ? undefined : misfit(`${method} ${route.path}`, answer.status, answer.body);
  assert.equal(wrong, undefined, `${method} ${path} is not as Auth0 answers: ${JSON.stringify(answer.body)}`);
  // Parts of answers are not what the contract describes.
  if (route.reply && !/fields/.test(query)) route.reply.parse(answer.body);
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
}

/** A value that no test run has used before. */
export function unique(prefix: string): string {
  return `${prefix}-${uuid().slice(-12)}`;
}

/** The answer's body as an object. */
export function object(answer: Answer): Record<string, unknown> {
  assert.ok(typeof answer.body === 'object' && answer.body !== null && !Array.isArray(answer.body));
  return { ...answer.body };
}

/** The answer's body as a list. */
export function list(answer: Answer): unknown[] {
  assert.ok(Array.isArray(answer.body), JSON.stringify(answer.body));
  return answer.body;
}
