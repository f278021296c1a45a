import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { assetPath } from '../../base/assets.ts';
import type { Base } from '../../base/base.ts';
import { ownDress as dress } from '../../base/own-dress.ts';
import { createPages } from '../../base/pages.ts';
import { defaultRate, openApiText } from '../management/management.ts';
import { readDocument } from './document.ts';
import { referenceOf } from './reference.ts';

const pages = createPages(new URL('./', import.meta.url), { en: {}, de: {}, es: {}, fr: {} });

const options = { dress, language: 'en' } as const;

/** Nothing runs on this page, nothing is sent from it, and it loads nothing but its stylesheets. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  'img-src data:',
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

type Page = { readonly body: string; readonly brotli: Buffer; readonly etag: string };
const compress = promisify(brotliCompress);

/**
 * `/api/docs`: the reference of the Management API, made of its OpenAPI document and as public as that is. English, for
 * developers. It is the same for everybody, so it is made once, when somebody comes for it.
 */
export function registerApiDocs(app: FastifyInstance, { config }: Pick<Base, 'config'>): void {
  let made: Promise<Page> | undefined;

  app.get('/api/docs', async (request, reply) => {
    made ??= makePage(config);
    const { body, brotli, etag } = await made;
    reply.headers({
      'content-security-policy': policy,
      // Kept, but asked for each time: a new version shows at once.
      'cache-control': 'public, no-cache',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY',
      vary: 'accept-encoding',
      etag,
    });
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
    reply.type('text/html; charset=utf-8');
    const takesBrotli = /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
    return takesBrotli ? reply.header('content-encoding', 'br').send(brotli) : reply.send(body);
  });
}

async function makePage({ url, issuer }: Pick<Base['config'], 'url' | 'issuer'>): Promise<Page> {
  const reference = referenceOf(readDocument(openApiText()));
  const audience = `${url}${reference.prefix}/`;
  const call = [
    `curl -s ${url}/oauth/token -d grant_type=client_credentials \\`,
    '  -d client_id=CLIENT_ID -d client_secret=CLIENT_SECRET \\',
    `  -d audience=${audience}`,
  ].join('\n');
  const addresses = { url, issuer, audience, document: `${reference.prefix}/openapi.json` };
  const resources = await renderEach('resource', reference.resources);
  const shapes = await renderEach('shape', reference.shapes);
  const model = {
    reference,
    resources,
    shapes,
    call,
    rate: defaultRate,
    style: assetPath('api-docs.css'),
    ...addresses,
  };
  const body = pages.render('page', model, options);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  // Weak, for it is the same page compressed or not.
  const etag = `W/"${hash}"`;
  const brotli = await compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return { body, brotli, etag };
}

/** One by one: all of them take a while, in which sign-ins would wait. */
async function renderEach(name: 'resource' | 'shape', things: readonly object[]): Promise<string[]> {
  const made: string[] = [];
  for (const thing of things) {
    await setImmediate();
    made.push(pages.render(name, { [name]: thing }, options));
  }
  return made;
}
