// The demo umbrella with rules that are saved by the API, and servers that stand for the outside: for tests.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { type Browser, createBrowser } from './http-browser.ts';
import { openWorld, type World } from './sign-in-world.ts';

/** What a server outside was sent. */
export type Heard = { method: string; url: string; headers: IncomingMessage['headers']; body: string };
/** What it answers; undefined: never. */
export type Answer = (heard: Heard) => { status?: number; body: string } | undefined;
/** An action's code, and whether what it does goes on without it; else its failure refuses. */
export type ActionCode = string | { readonly code: string; readonly on_failure: 'refuse' | 'go_on' };

export type RuleScene = World & {
  /** A call of the Management API by a machine that may do everything. */
  api(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** Saves a rule that is on, behind those that are there; `running`: how it runs. @returns its id */
  rule(script: string, running?: { on_failure?: 'refuse' | 'go_on'; deadline_ms?: number }): Promise<string>;
  /** Takes every rule away, and every action off its trigger. */
  noRules(): Promise<void>;
  /** Deploys actions with this code and binds them to post-login, in their order. */
  actions(...codes: readonly ActionCode[]): Promise<void>;
  /** The same at another trigger. */
  trigger(id: string, ...codes: readonly ActionCode[]): Promise<void>;
  /** A server outside that may be called by rules; `names` are hosts that lead to it, too. */
  outside(answer: Answer, names?: readonly string[]): Promise<{ url: string; heard: Heard[] }>;
  /** A browser that stops at the shops and at other sites. */
  visitor(): Browser;
};

export const otherSite = 'http://checks.example';

/** Opens it all; `close` ends it all. */
export async function openRuleScene(variables: Record<string, string> = {}): Promise<RuleScene> {
  const world = await openWorld(variables);
  const servers: { close(): void }[] = [];
  const leads = new Map<string, string>();
  const own: string[] = [];
  const machine = { client_id: 'test-machine', client_secret: 'secret-of-the-test-machine' };
  const audience = `${world.url}/api/v2/`;
  const asked = await fetch(`${world.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', audience, ...machine }),
  });
  const { access_token } = JSON.parse(await asked.text());

  // Names of the outside lead to servers of the test; everything else of an outgoing request is as it is.
  const { outgoing } = world.base;
  Object.assign(world.base, {
    outgoing: {
      ...outgoing,
      fetch(address: string | URL, init?: object, limits?: object) {
        const url = new URL(address);
        const target = leads.get(url.host);
        return outgoing.fetch(target ? `${target}${url.pathname}${url.search}` : address, init, limits);
      },
    },
  });

  async function api(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${world.url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.status < 300, `${method} ${path}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  async function bind(trigger: string, codes: readonly ActionCode[]): Promise<void> {
    const bindings = [];
    for (const one of codes) {
      const name = `Action ${crypto.randomUUID()}`;
      const draft = { name, supported_triggers: [{ id: trigger }], ...(typeof one === 'string' ? { code: one } : one) };
      const { id } = await api('POST', '/actions/actions', draft);
      await api('POST', `/actions/actions/${id}/deploy`);
      bindings.push({ ref: { type: 'action_name', value: name }, display_name: name });
    }
    await api('PATCH', `/actions/triggers/${trigger}/bindings`, { bindings });
  }

  return {
    ...world,
    api,
    async rule(script, running) {
      const { id } = await api('POST', '/rules', { name: `Rule ${crypto.randomUUID()}`, script });
      if (running) await api('PATCH', `/rules/${id}/running`, running);
      return String(id);
    },
    async noRules() {
      const rules = Object.values(await api('GET', '/rules?per_page=100'));
      for (const rule of rules) if (hasId(rule)) await api('DELETE', `/rules/${rule.id}`);
      await api('PATCH', '/actions/triggers/post-login/bindings', { bindings: [] });
    },
    actions: (...codes) => bind('post-login', codes),
    trigger: (id, ...codes) => bind(id, codes),

    async outside(answer, names = []) {
      const heard: Heard[] = [];
      const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const { method = '', url = '', headers } = request;
        const told = { method, url, headers, body: Buffer.concat(chunks).toString() };
        heard.push(told);
        const said = answer(told);
        if (said) response.writeHead(said.status ?? 200, { 'content-type': 'application/json' }).end(said.body);
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      servers.push({
        close() {
          server.closeAllConnections();
          server.close();
        },
      });
      const address = server.address();
      const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
      own.push(host);
      await api('PATCH', '/umbrella', { outgoing_hosts: own });
      for (const name of names) leads.set(name, `http://${host}`);
      return { url: `http://${host}`, heard };
    },
    visitor: () => createBrowser({ stopAt: ['http://lumiere.example', 'http://northtrail.example', otherSite] }),
    async close() {
      for (const server of servers) server.close();
      await world.close();
    },
  };
}

function hasId(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
