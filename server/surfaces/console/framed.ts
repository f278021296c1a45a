import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';

/** A mail of 100,000 characters, as a form sends it at the most. */
const mostSent = 2 * 1024 * 1024;

/**
 * A page has the styles of this server, and the pictures that staff chose for it. A mail has its own styles, and nothing of
 * other sites: what a template makes a picture's address of may be a customer's, whose server would learn who looks.
 */
const allowed = {
  page: { styles: "'self'", pictures: "'self' https: data:" },
  mail: { styles: "'unsafe-inline'", pictures: "'self' data:" },
} as const;

const sent = z.object({ kind: z.literal(['page', 'mail']), html: z.string() });

/**
 * Shows, in a frame of the console, the HTML that the console has of a customer's page or of a mail: with a policy of its
 * own, as what stands in a frame's `srcdoc` has the console's, which lets neither the pictures
 * of other sites in nor the styles of a mail.
 *
 * Whatever is sent is a document of no origin in which nothing runs, and is shown in a frame of this server's pages
 * alone: nobody can be led to it, and no other site can send anything here.
 */
export function registerFramed(app: FastifyInstance, { config }: Pick<Base, 'config'>): void {
  // As for customers, to whom a logo on http is shown where one tries things; a page on https loads none of them.
  const plain = config.url.startsWith('http:') ? ' http:' : '';
  app.post('/console/framed', { bodyLimit: mostSent }, async (request, reply) => {
    const { origin, 'sec-fetch-dest': place = 'iframe' } = request.headers;
    if (origin !== config.url || place !== 'iframe') throw new Problem('origin_refused');
    const { success, data } = sent.safeParse(request.body);
    if (!success) throw new Problem('invalid_body', 'Send `kind` and `html`.');
    const { styles, pictures } = allowed[data.kind];
    const policy = [
      'sandbox',
      "default-src 'none'",
      `style-src ${styles}`,
      `img-src ${pictures}${data.kind === 'page' ? plain : ''}`,
      "form-action 'none'",
      "frame-ancestors 'self'",
      "base-uri 'none'",
    ];
    return reply
      .headers({
        'content-security-policy': policy.join('; '),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
      .type('text/html; charset=utf-8')
      .send(`${data.html}${leadsNowhere}`);
  });
}

/** A sandboxed frame may not lead the page around it away: so its links lead nowhere. */
const leadsNowhere = '<base target="_top">';
