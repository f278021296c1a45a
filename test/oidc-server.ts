// The protocol alone behind real HTTP, with a small journey instead of the hosted pages, and real rows.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Base } from '../server/base/base.ts';
import { now } from '../server/base/clock.ts';
import { Problem } from '../server/base/errors.ts';
import { createHttp } from '../server/base/http.ts';
import { hex24, uuid } from '../server/base/ids.ts';
import { type Customer, createCustomer, findByUserId } from '../server/features/customers/customers.ts';
import * as portals from '../server/features/portals/portals.ts';
import type { Decided } from '../server/surfaces/oidc/decided.ts';
import { finishFlow, openFlow } from '../server/surfaces/oidc/flows.ts';
import type { Journey } from '../server/surfaces/oidc/journey-port.ts';
import { createOidc, type Oidc } from '../server/surfaces/oidc/oidc.ts';
import type { ShowPage } from '../server/surfaces/oidc/page-port.ts';
import { writeSignIn } from '../server/surfaces/oidc/sign-ins.ts';
import { testBase } from './base.ts';
import { freePort } from './free-port.ts';

/** What the journey of the test does: change it to see what the protocol makes of it. */
export type TestJourney = Journey & {
  /** How often each verb was called. */
  readonly calls: { session: number; refresh: number; password: number };
  /** What rules would have decided, written with each sign-in. */
  decided: Decided;
};

export type OidcServer = {
  readonly base: Base;
  readonly app: FastifyInstance;
  readonly oidc: Oidc;
  readonly url: string;
  readonly journey: TestJourney;
  /** A portal of this kind, and its secret. */
  makePortal(draft?: Partial<portals.PortalDraft>): Promise<TestPortal>;
  makeCustomer(email?: string, facts?: Readonly<Record<string, string>>): Promise<Customer>;
  close(): Promise<void>;
};

export type TestPortal = { client_id: string; client_secret: string; callback: string };

/** Opens it on a database of its own, or on that of another one: two servers of one Regulars. */
export async function oidcServer(other?: OidcServer, config: Partial<Base['config']> = {}): Promise<OidcServer> {
  const port = await freePort();
  // Servers of one Regulars have one address: tests reach the second by its own port, with `x-forwarded-host`.
  const url = other?.url ?? `http://127.0.0.1:${port}`;
  const base = other
    ? await testBaseOf(other.base)
    : await testBase({ port, url, issuer: `${url}/`, ...config }, secret);
  const journey = testJourney(base);
  const app = await createHttp(base);
  const oidc = await createOidc(base, { journey, showPage: plainPage });
  await oidc.register(app);
  signInPage(app, base, journey);
  await app.listen({ host: '127.0.0.1', port });

  return {
    base,
    app,
    oidc,
    url: `http://127.0.0.1:${port}`,
    journey,
    async makePortal(draft = {}) {
      const callback = draft.settings?.callbacks?.[0] ?? 'https://shop.example/callback';
      const made = await portals.createPortal(
        base,
        { name: 'Shop', app_type: 'spa', ...draft, settings: { callbacks: [callback], ...draft.settings } },
        oidc.validateClient,
      );
      await base.settings.refresh();
      return { client_id: made.portal.client_id, client_secret: made.client_secret, callback };
    },
    async makeCustomer(email = `${hex24()}@example.com`, facts = {}) {
      const at = now();
      const said = { source: 'customer', origin: 'test', at } as const;
      const { customer } = await createCustomer(base.db, {
        provider: 'auth0',
        connection: 'customers',
        isSocial: false,
        facts: Object.entries({ email, ...facts }).map(([path, value]) => ({ path, value, ...said })),
        proofs: [{ kind: 'email', address: email, how: 'code', origin: 'test', at }],
        at,
      });
      return customer;
    },
    async close() {
      await app.close();
      await base.close();
    },
  };
}

// All servers of one database have it.
const secret = Buffer.alloc(32, 7);

async function testBaseOf(base: Base): Promise<Base> {
  const { openBase } = await import('../server/base/base.ts');
  const url = base.pool.options.connectionString ?? '';
  return openBase({
    // Behind a proxy, as servers of one address are: it says the host that was asked for.
    config: { ...base.config, trustedProxies: ['127.0.0.1'] },
    log: base.log,
    databaseUrl: url,
    directUrl: url,
    secrets: [secret],
  });
}

/** Lets everybody through; a session is enough everywhere. */
function testJourney(base: Base): TestJourney {
  const calls = { session: 0, refresh: 0, password: 0 };
  const journey: TestJourney = {
    calls,
    decided: {},
    async onSession({ portal, customer, session }) {
      calls.session += 1;
      return { go: { signIn: await recordSignIn(base, journey, customer, portal, session.amr) } };
    },
    async onRefresh() {
      calls.refresh += 1;
      return { go: {} };
    },
    async onSecondFactor() {
      throw new Problem('flow_expired');
    },
    async onCode({ portal, username }) {
      const customer = await customerOf(base, username);
      const signIn = await recordSignIn(base, journey, customer, portal, ['otp']);
      return { go: { userId: customer.user_id, signIn, amr: ['otp'], decided: journey.decided } };
    },
    async onPassword({ portal, username }) {
      calls.password += 1;
      const customer = await customerOf(base, username);
      const signIn = await recordSignIn(base, journey, customer, portal, ['pwd']);
      return { go: { userId: customer.user_id, signIn, amr: ['pwd'], decided: journey.decided } };
    },
  };
  return journey;
}

async function recordSignIn(
  base: Base,
  journey: TestJourney,
  customer: Customer,
  portal: portals.Portal,
  amr: readonly string[],
): Promise<string> {
  const id = uuid();
  await writeSignIn(base.db, {
    id,
    customer: customer.id,
    subject: uuid(),
    portal: portal.client_id,
    brand: portal.brand ?? uuid(),
    connection: 'customers',
    amr,
    decided: journey.decided,
    at: now(),
  });
  return id;
}

async function customerOf(base: Base, userId: string): Promise<Customer> {
  const customer = await findByUserId(base.db, userId);
  if (!customer) throw new Error(`No customer ${userId}`);
  return customer;
}

/** `/u/<flow>/login?as=<user_id>` signs in at once; without it shows the flow as JSON; `error=` refuses. */
function signInPage(app: FastifyInstance, base: Base, journey: TestJourney): void {
  type Asked = FastifyRequest<{
    Params: { flow: string };
    Querystring: { as?: string; error?: string; continue?: string };
  }>;
  app.get('/u/:flow/login', async (request: Asked, reply) => {
    const flow = await openFlow(base, request, request.params.flow);
    const { as, error } = request.query;
    if (error) return finishFlow(base, reply, flow, { error, error_description: 'The test said no.' });
    if (!as) return reply.send(flow);
    const customer = await customerOf(base, as);
    const portal = await portals.portal(base, flow.clientId);
    if (!portal) throw new Error('no portal');
    const signIn = await recordSignIn(base, journey, customer, portal, ['pwd']);
    const proved = request.query.continue === undefined;
    return finishFlow(base, reply, flow, { customer: as, signIn, amr: ['pwd'], proved });
  });
}

const plainPage: ShowPage = (_request, reply, { name, model, status }) =>
  reply
    .code(status)
    .type('application/json')
    .send({ page: name, ...model });
