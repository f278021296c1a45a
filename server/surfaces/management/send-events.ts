import type { FastifyReply } from 'fastify';
import type { EventStream } from '../../base/event-stream.ts';

const checkMs = 15_000;

/**
 * Answers with events that go on until the page is closed, the caller may no more, or the server stops. Every 15 seconds
 * it is asked whether the caller still may, and something is sent so that nobody on the way takes the connection for dead.
 */
export function sendEvents(reply: FastifyReply, events: EventStream, stillMay: () => Promise<boolean>): FastifyReply {
  const timer = setInterval(() => {
    stillMay().then(
      (may) => (may ? events.beat() : events.finish()),
      // Whoever cannot be asked for is not told anything.
      () => events.finish(),
    );
  }, checkMs);
  events.once('close', () => clearInterval(timer));
  // Proxies would keep events back to send many at once.
  return reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }).send(events);
}
