import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { World } from './definition.ts';

const hugeBytes = 2 * 1024 * 1024;

/**
 * Lets answers go wrong on their way, as the network's faults say. `closing` ends the waiting of `slow` when the
 * network is closed.
 */
export function playWireFaults(app: FastifyInstance, world: World, closing: AbortSignal): void {
  const swelling = new WeakSet<FastifyRequest>();

  app.addHook('preHandler', async (request, reply) => {
    const endpoint = request.routeOptions.config.endpoint;
    const fault = endpoint === undefined ? null : world.faults.takeWire(endpoint);
    if (!fault) return;
    switch (fault.mode) {
      case 'slow':
        await sleep(fault.delay ?? 12_000, undefined, { signal: closing, ref: false });
        return;
      case 'hang':
        reply.hijack();
        return reply;
      case 'huge_body':
        swelling.add(request);
        return;
      case 'error_500':
        return reply.code(500).send({ error: 'server_error' });
      case 'malformed_json':
        return reply.type('application/json; charset=utf-8').send('{"access_token":"cut off in the mid');
      case 'html_instead_of_json':
        return reply.type('text/html; charset=utf-8').send('<!doctype html><title>Sorry</title><h1>Be right back</h1>');
      case 'redirects':
        return reply.redirect(fault.redirectTo ?? otherName(world.origin()), 302);
    }
  });

  app.addHook('onSend', async (request, _reply, payload) => {
    if (!swelling.has(request) || typeof payload !== 'string') return payload;
    return swell(payload);
  });
}

/** The same answer, 2 MB longer: a reader without a limit would take it as good. */
function swell(payload: string): string {
  const padding = 'x'.repeat(hugeBytes);
  return payload.startsWith('{') ? `{"padding":"${padding}",${payload.slice(1)}` : `${payload}${' '.repeat(hugeBytes)}`;
}

/** This server under another host name, so that following the redirect shows in its `requests`. */
function otherName(origin: string): string {
  const url = new URL('/elsewhere', origin);
  url.hostname = url.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return url.href;
}
