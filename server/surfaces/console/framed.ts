import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';

/** A mail of 100,000 characters, as a form sends it at the most. */
const mostSent = 2 * 1024 * 1024;

/** Styles: a page has those of this server, a mail has its own and nothing else. */
const styles = { page: "'self'", mail: "'unsafe-inline'" } as const;

const sent = z.object({ kind: z.literal(['page', 'mail']), html: z.string() });

/**
 * Shows, in a frame of the console, the HTML that the console has of a customer's page or of a mail: with the policy
 * that customers have it with, as what stands in a frame's `srcdoc` has the console's, which lets neither the pictures
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
    const policy = [
      'sandbox',
      "default-src 'none'",
      `style-src ${styles[data.kind]}`,
      `img-src 'self' https: data:${plain}`,
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
