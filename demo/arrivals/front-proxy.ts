import { request as ask, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type Config, ConfigError } from '../../server/base/config.ts';
import { type Arrival, arrivalOf } from './arrivals.ts';

/** The cookie by which a browser goes on to come from the same place; the shops set it when somebody picks one. */
export const arrivalCookie = 'demo-from';

/**
 * Stands in front of the server as a load balancer does, and says from which IP address each browser comes: on one
 * machine all would come from that. What a browser itself claims is not passed on.
 *
 * @param port of the server behind it, on 127.0.0.1
 */
function createFrontProxy(port: number): Server {
  let visitors = 0;

  function forward(incoming: IncomingMessage, answer: ServerResponse): void {
    const known = cookieOf(incoming);
    // Programs, as the shops, ask without a cookie; browsers come one from here, the next from there.
    const isPage = known === undefined && (incoming.headers.accept ?? '').includes('text/html');
    const arrival = arrivalOf(known, isPage ? visitors++ : 0);
    const headers = { ...incoming.headers, 'x-forwarded-for': arrival.ip, 'x-forwarded-proto': 'http' };
    const { method, url } = incoming;
    const sent = ask({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
      // What the server says of its own connection, as how long it stays open, is not true of this one (RFC 9110, 7.6.1).
      const { connection: _, 'keep-alive': __, ...told } = reply.headers;
      const cookies = [told['set-cookie'] ?? [], isPage ? [cookieFor(arrival)] : []].flat();
      answer.writeHead(reply.statusCode ?? 502, {
        ...told,
        ...(cookies.length > 0 && { 'set-cookie': cookies }),
      });
      reply.pipe(answer);
      reply.on('error', () => answer.destroy());
    });
    sent.on('error', () => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502, { 'content-type': 'text/plain' }).end('The server does not answer.');
    });
    answer.on('close', () => sent.destroy());
    incoming.pipe(sent);
  }

  return createServer(forward);
}

/** Opens it where the server would listen if it were alone. */
export async function openFrontProxy(
  { host, port }: Pick<Config, 'host' | 'port'>,
  behind: FastifyInstance,
  opened: AsyncDisposableStack,
): Promise<void> {
  const address = behind.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  const proxy = createFrontProxy(address.port);
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen({ host, port }, resolve);
  }).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken ? new ConfigError(`PORT must be a free port, but ${port} is in use.`) : error;
  });
  opened.defer(async () => {
    const closed = new Promise((resolve) => proxy.close(resolve));
    proxy.closeAllConnections();
    await closed;
  });
}

/** `Set-Cookie` for a browser that goes on to come from there. */
export function cookieFor({ id }: Arrival): string {
  return `${arrivalCookie}=${id}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`;
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === arrivalCookie)?.[1];
}
