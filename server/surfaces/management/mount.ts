import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../base/errors.ts';
import { EventStream } from '../../base/event-stream.ts';
import type { Caller } from './caller.ts';
import { toApiError } from './errors.ts';
import type { Guard } from './guard.ts';
import type { Api, Route } from './route.ts';
import { sendEvents } from './send-events.ts';
import type { StillMay } from './still-may.ts';
import { versionOf } from './version.ts';

/**
 * Puts the operations behind their guards under the prefix of `scope`, with errors in Auth0's shape; whatever is not
 * an operation is the generic 404.
 */
export function mount(
  scope: FastifyInstance,
  api: Api,
  routes: readonly Route[],
  guard: Guard,
  stillMay: StillMay,
): void {
  scope.setErrorHandler((error, request, reply) => {
    const shown = toApiError(api.base, error, request);
    return reply.code(shown.statusCode).send(shown);
  });
  scope.setNotFoundHandler(() => {
    throw new Problem('not_found');
  });
  readOnlyJson(scope);

  for (const route of routes) {
    scope.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      // Before the body is read: who may not call sends nothing.
      onRequest: async (request, reply) => {
        reply.header('cache-control', 'no-store');
        request.setDecorator('caller', await guard(request, reply, route.may));
      },
      handler: async (request, reply) => {
        const { params, body, ip, headers } = request;
        const query = route.path.endsWith('/live') ? resumed(request) : request.query;
        const caller = request.getDecorator<Caller>('caller');
        const answer = await route.run(api, { params, query, body, caller, ip, ifMatch: headers['if-match'] });
        // What was written here is known here before the answer leaves.
        if (route.method !== 'GET') await api.base.settings.refresh();
        reply.code(route.status);
        if (route.versioned && route.method === 'GET') reply.header('etag', versionOf(answer));
        if (answer instanceof EventStream) {
          return sendEvents(reply, answer, () => stillMay(request, reply, route.may, caller));
        }
        if (answer instanceof Readable) reply.type('application/json; charset=utf-8');
        return route.status === 204 ? reply.send() : answer;
      },
    });
  }
}

/** A page of events that comes again says in a header where it was: the same as `from`. */
function resumed({ query, headers }: FastifyRequest): unknown {
  const { 'last-event-id': from } = headers;
  return typeof from === 'string' && from !== '' ? Object.assign({}, query, { from }) : query;
}

/** JSON is the only body; an empty one is none, since clients name the type on every call. */
function readOnlyJson(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else parse(request, String(body), done);
  });
}
