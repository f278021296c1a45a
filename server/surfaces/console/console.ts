import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { buildConsole } from './build.ts';
import { type ConsoleFile, readFiles } from './files.ts';
import { waitingPage } from './waiting-page.ts';

type State =
  | { readonly is: 'unbuilt' | 'building'; readonly since: number; readonly words: string }
  | { readonly is: 'built'; readonly files: ReadonlyMap<string, ConsoleFile> }
  | { readonly is: 'failed'; readonly at: number };

/** So long after a build that failed the next visit tries again: a disk that was full may have been emptied. */
const patienceMs = 60_000;

/**
 * Serves staff's console at `/console`: one page whose addresses the browser's router reads, and its files. It is built
 * when its sources have changed, while everything else is served; until then the address says how far that is.
 *
 * Nothing of it is secret: what staff may see is decided at each call of `/api/v2`.
 *
 * @param options `atStart`: build it as soon as the server listens; else when somebody comes for it
 */
export function registerConsole(
  app: FastifyInstance,
  base: Pick<Base, 'log'> & { readonly config: Pick<Base['config'], 'dataFolder'> },
  options: { atStart: boolean },
): void {
  let state: State = { is: 'unbuilt', since: 0, words: '' };
  const closing = new AbortController();
  const { log, config } = base;

  function begin(): void {
    const isDue = state.is === 'failed' && performance.now() - state.at > patienceMs;
    if (state.is !== 'unbuilt' && !isDue) return;
    state = { is: 'building', since: performance.now(), words: '' };
    const tell = (words: string) => {
      if (state.is === 'building') state = { ...state, words };
    };
    buildConsole(join(config.dataFolder, 'console'), log, { tell, signal: closing.signal })
      .then(async ({ folder }) => {
        state = { is: 'built', files: await readFiles(folder) };
      })
      .catch((error: unknown) => {
        if (closing.signal.aborted) return;
        log.error({ err: error }, 'the console could not be built');
        state = { is: 'failed', at: performance.now() };
      });
  }

  async function page(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    begin();
    return sendPage(reply, state);
  }

  app.addHook('onClose', async () => closing.abort());
  if (options.atStart) app.addHook('onListen', begin);
  app.get('/console', page);
  app.get<{ Params: { '*': string } }>('/console/*', async (request, reply) => {
    const name = request.params['*'];
    if (!name.startsWith('assets/')) return page(request, reply);
    const file = state.is === 'built' ? state.files.get(name) : undefined;
    if (!file) throw new Problem('not_found');
    const taken = request.headers['accept-encoding'] ?? '';
    reply.header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'accept-encoding');
    reply.type(file.type);
    if (file.brotli && /\bbr\b/.test(taken)) return reply.header('content-encoding', 'br').send(file.brotli);
    if (file.gzip && /\bgzip\b/.test(taken)) return reply.header('content-encoding', 'gzip').send(file.gzip);
    return reply.send(file.body);
  });
}

function sendPage(reply: FastifyReply, state: State): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  reply.headers({
    'content-security-policy': policy(nonce, state.is === 'built' ? "'self'" : `'nonce-${nonce}'`),
    'cache-control': 'no-store',
    // Not `no-referrer`: browsers then send `Origin: null` with forms, such as those that fill a frame.
    'referrer-policy': 'same-origin',
  });
  reply.type('text/html; charset=utf-8');
  if (state.is === 'failed') return reply.code(500).send(waitingPage('failed', nonce));
  if (state.is !== 'built') return reply.code(503).header('retry-after', '3').send(waitingPage(state, nonce));
  const page = state.files.get('index.html');
  if (!page) throw new Error('The build of the console has no page.');
  return reply.send(page.body.toString('utf8').replaceAll('__NONCE__', nonce));
}

/**
 * Styles that the console makes while it runs carry the page's nonce; its scripts are files of our own and nothing else.
 * Before there are any, the page that waits carries its own.
 */
function policy(nonce: string, scripts: string): string {
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
