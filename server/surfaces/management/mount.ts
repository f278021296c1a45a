import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isProblem, Problem } from '../../base/errors.ts';
import { EventStream } from '../../base/event-stream.ts';
import { Picture } from '../../base/pictures/pictures.ts';
import { sendPicture } from '../../base/pictures/send-picture.ts';
import type { Caller } from './caller.ts';
import { toApiError } from './errors.ts';
import { checkScopes, type Guard } from './guard.ts';
import { type OpenNote, openNote } from './note.ts';
import type { Api, Route } from './route.ts';
import { runRoute } from './run-route.ts';
import { sendEvents } from './send-events.ts';
import type { StillMay } from './still-may.ts';
import { refuseBeyondBrands } from './umbrella-wide.ts';
import { versionOf } from './version.ts';

/**
 * Puts the operations behind their guards under the prefix of `scope`, with errors in Auth0's shape; whatever is not
 * an operation is the generic 404. What is done, whoever is looked at and what staff were refused is in the audit log
 * before the answer leaves.
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
        const caller = await guard(request, reply, route);
        const note = openNote(api.base, route, caller, request);
        request.setDecorator('caller', caller);
        request.setDecorator('note', note);
        await noteRefusals(api, caller, note, async () => {
          checkScopes(caller, route.may);
          refuseBeyondBrands(caller, route);
        });
      },
      handler: async (request, reply) => {
        const caller = request.getDecorator<Caller>('caller');
        const note = request.getDecorator<OpenNote>('note');
        const answer = await noteRefusals(api, caller, note, () => act(api, route, request, caller, note));
        // What was written here is known here before the answer leaves.
        if (route.method !== 'GET') await api.base.settings.refresh();
        reply.code(route.status);
        const isSilent = route.status === 204 || (route.status === 202 && !route.reply);
        if (route.versioned && route.method === 'GET') reply.header('etag', versionOf(answer));
        if (answer instanceof EventStream) {
          return sendEvents(reply, answer, () => stillMay(request, reply, route.may, caller));
        }
        // Kept by the browser, and asked for each time: what a role hides from now on is not shown from now on.
        if (answer instanceof Picture) return sendPicture(request, reply, answer, 'private, no-cache');
        if (route.download !== undefined)
          reply.header('content-disposition', `attachment; filename="${route.download}"`);
        if (answer instanceof Readable) reply.type(`${route.type ?? 'application/json'}; charset=utf-8`);
        return isSilent ? reply.send() : answer;
      },
    });
  }
}

function act(api: Api, route: Route, request: FastifyRequest, caller: Caller, note: OpenNote): Promise<unknown> {
  const { params, body, ip, headers } = request;
  const query = route.path.endsWith('/live') ? resumed(request) : request.query;
  return runRoute(api, route, { params, query, body, caller, ip, note, ifMatch: headers['if-match'] });
}

/** What one of the staff tried and may not do is in the audit log, too. */
async function noteRefusals<T>(api: Api, caller: Caller, note: OpenNote, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (caller.kind === 'staff' && isProblem(error, 'access_denied')) await note.refuse(api.base.db);
    throw error;
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
