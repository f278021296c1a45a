import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import type { ProtocolPage, ShowPage } from '../oidc/page-port.ts';
import { brandOfPortal, type Room, roomOf, sendMessage, sendPage } from './room.ts';

/** How the protocol's own pages look: errors, the code that a device shows, signing out. */
export function createShowPage(base: Base): ShowPage {
  return async (request: FastifyRequest, reply: FastifyReply, page: ProtocolPage) => {
    const belongs = await brandOfPortal(base, request, page.clientId);
    return show(await roomOf(request, reply, { ...belongs, uiLocales: page.uiLocales }), page);
  };
}

function show(room: Room, { name, model, status }: ProtocolPage): FastifyReply {
  switch (name) {
    case 'error':
      return sendMessage(room, { ...errorText(model), status, isProblem: true, link: 'home' });
    case 'device-done':
      return sendMessage(room, { key: 'device.done', values: { portal: textOf(model.portal_name) }, status });
    case 'signed-out':
      return sendMessage(room, { key: 'signed_out.done', status, link: 'home' });
    case 'device-code': {
      const problem = deviceProblem(model.problem);
      return sendPage(room, name, { ...model, errors: problem ? { code: room.say(problem) } : {} }, status);
    }
    default:
      return sendPage(room, name, model, status);
  }
}

// What can go wrong before a page of ours is reached, by the codes of OAuth and of our own.
const errors: Readonly<Record<string, string>> = {
  access_denied: 'problem.access_denied',
  body_too_large: 'problem.body_too_large',
  busy: 'problem.busy',
  callback_url_mismatch: 'problem.redirect_unknown',
  expired_token: 'problem.code_expired',
  flow_expired: 'problem.flow_expired',
  invalid_client: 'problem.portal_unknown',
  invalid_request: 'problem.request_invalid',
  not_found: 'problem.not_found',
  origin_refused: 'problem.origin_refused',
  too_many_attempts: 'problem.too_many_attempts',
  user_blocked: 'problem.user_blocked',
};

/** In the engine's own English only what our sentence does not say: which parameter it is, say. It is for the portal's developer. */
function errorText(model: ProtocolPage['model']) {
  const code = textOf(model.error);
  const key = errors[code] ?? 'problem.unknown';
  const says = key !== 'problem.unknown' && code !== 'invalid_request';
  const detail = says ? undefined : textOf(model.error_description);
  return { key, title: 'error.title', id: textOf(model.id) || undefined, detail };
}

function deviceProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  return name === 'NoCodeError' ? 'problem.field_missing' : 'problem.device_code_wrong';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
