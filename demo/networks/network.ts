import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { type Agreements, createAgreements } from './agreements.ts';
import { createClients, type NetworkClient } from './clients.ts';
import type { NetworkDefinition, World } from './definition.ts';
import { createFaults, type Endpoint, type FaultOptions, type Mode } from './faults.ts';
import { type Fields, readFields } from './fields.ts';
import { openFrontDoor } from './front-door.ts';
import { createGrants } from './grants.ts';
import { createPeople, type People } from './people.ts';
import { playWireFaults } from './wire-faults.ts';

/** One request that reached a network, for tests to look at. */
export interface SeenRequest {
  method: string;
  /** Without the query. */
  path: string;
  endpoint: Endpoint | null;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  query: Fields;
  body: Fields;
}

/** A running simulated network. */
export interface Network {
  name: string;
  title: string;
  /** For example `http://127.0.0.1:4010`, without a slash at the end. */
  origin: string;
  people: People;
  agreements: Agreements;
  /** The last 500 requests, oldest first; pictures left out. */
  requests: readonly SeenRequest[];
  /** Adds an app, or replaces the one with the same client id. */
  register(client: NetworkClient): void;
  /** Lets answers go wrong until told otherwise (null). Throws if this network cannot go wrong that way. */
  misbehave(mode: Mode | readonly Mode[] | null, options?: FaultOptions): void;
  close(): Promise<void>;
}

export interface StartOptions {
  /** 0, or left out: any free one. */
  port?: number | undefined;
  host?: string | undefined;
  clients?: readonly NetworkClient[] | undefined;
}

const keptRequests = 500;

/** Starts a network as an HTTP server. */
export async function startNetwork(definition: NetworkDefinition, options: StartOptions = {}): Promise<Network> {
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 65_536,
    routerOptions: { ignoreTrailingSlash: false },
  });
  const closing = new AbortController();
  let origin = '';
  const world: World = {
    definition,
    origin: () => origin,
    clients: createClients(options.clients ?? []),
    people: createPeople(definition.people),
    grants: createGrants(),
    agreements: createAgreements(),
    faults: createFaults(definition.name, definition.faults),
  };
  if (!definition.takesJson) app.removeContentTypeParser(['application/json', 'text/plain']);
  await app.register(cookie);
  await app.register(formbody);
  const requests = recordRequests(app);
  playWireFaults(app, world, closing.signal);
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ error: status < 500 ? 'invalid_request' : 'server_error' });
  });
  definition.routes(app, world, openFrontDoor(app, world));
  app.get('/elsewhere', async (_request, reply) => reply.send({ elsewhere: true }));
  const host = options.host ?? '127.0.0.1';
  await app.listen({ port: options.port ?? 0, host });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the network does not listen on a port');
  origin = `http://${host}:${address.port}`;
  return {
    name: definition.name,
    title: definition.title,
    origin,
    people: world.people,
    agreements: world.agreements,
    requests,
    register: world.clients.register,
    misbehave: world.faults.set,
    async close() {
      closing.abort();
      await app.close();
    },
  };
}

function recordRequests(app: FastifyInstance): SeenRequest[] {
  const seen: SeenRequest[] = [];
  app.addHook('preHandler', async (request) => {
    const path = new URL(request.url, 'http://any').pathname;
    if (path.startsWith('/pictures/')) return;
    if (seen.length >= keptRequests) seen.shift();
    seen.push({
      method: request.method,
      path,
      endpoint: request.routeOptions.config.endpoint ?? null,
      headers: request.headers,
      query: readFields(request.query),
      body: readFields(request.body),
    });
  });
  return seen;
}
