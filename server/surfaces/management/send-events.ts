import type { FastifyReply } from 'fastify';
import type { EventStream } from '../../base/event-stream.ts';

const checkMs = 15_000;
const freshMs = 1000;

/**
 * Answers with events that go on until the page is closed, the caller may no more, or the server stops. Whether the
 * caller still may is asked before an event, at most once a second, and every 15 seconds: then something is sent, too, so
 * that nobody on the way takes the connection for dead.
 */
export function sendEvents(reply: FastifyReply, events: EventStream, stillMay: () => Promise<boolean>): FastifyReply {
  // The request has just passed its guard.
  let asked = performance.now();
  events.askBefore(async () => {
    if (performance.now() - asked < freshMs) return true;
    if (!(await stillMay())) return false;
    asked = performance.now();
    return true;
  });
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
