import assert from 'node:assert/strict';
import type { TestServer } from './server.ts';

export type Manage = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Calls of the Management API with every scope; a refused call fails the test. */
export async function manageAt(server: Pick<TestServer, 'url' | 'machine'>): Promise<Manage> {
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: server.machine.id,
      client_secret: server.machine.secret,
      audience: `${server.url}/api/v2/`,
    }),
  });
  const { access_token } = await readJson(answer);
  return async (method, path, body) => {
    const called = await fetch(`${server.url}/api/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (called.status === 204 || called.status === 202) return {};
    const json = await readJson(called);
    assert.ok(called.ok, `${method} ${path}: ${called.status} ${JSON.stringify(json)}`);
    return json;
  };
}

/** A JSON object; a list stands under `items`. */
export async function readJson(answer: Response): Promise<Record<string, unknown>> {
  const json: unknown = await answer.json();
  return Array.isArray(json) ? { items: json } : toRecord(json);
}

/** A JSON object, or the test fails. */
export function toRecord(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === 'object' && value !== null, `not an object: ${value}`);
  return { ...value };
}

export const passwordConnection = 'Username-Password-Authentication';

/** A portal of the default brand, with the password connection, and one customer who can sign in there. */
export async function makePortal(
  manage: Manage,
  portal: Record<string, unknown>,
): Promise<{ client_id: string; client_secret: string }> {
  const made = await manage('POST', 'clients', { name: 'Test shop', ...portal });
  const id = String(made.client_id);
  const found = await manage('GET', `connections?name=${passwordConnection}`);
  const items = Array.isArray(found.items) ? found.items : [];
  const [known] = items;
  if (known) {
    await manage('PATCH', `connections/${known.id}/clients`, [{ client_id: id, status: true }]);
  } else {
    await manage('POST', 'connections', { name: passwordConnection, strategy: 'auth0', enabled_clients: [id] });
  }
  return { client_id: id, client_secret: String(made.client_secret) };
}

/** A customer of the password connection whose address is proven. */
export async function makeCustomer(manage: Manage, email: string, password: string): Promise<string> {
  const made = await manage('POST', 'users', { connection: passwordConnection, email, password, email_verified: true });
  return String(made.user_id);
}
