import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { lookAtSession } from '../../features/staff/staff.ts';
import { sessionCookie } from '../staff/staff.ts';
import { passPictures } from './pass-pictures.ts';
import { passedAddress } from './passed-address.ts';

/** A mail of 100,000 characters, as a form sends it at the most. */
const mostSent = 2 * 1024 * 1024;

/**
 * A page has the styles of this server, and the pictures that staff chose for it, passed on by this server. A mail has its
 * own styles, and nothing of other sites: a template may make the address of a picture of what a customer said, whose
 * server would learn that and when it was looked at.
 */
const allowed = {
  page: { styles: "'self'", passes: true },
  mail: { styles: "'unsafe-inline'", passes: false },
} as const;

const sent = z.object({
  kind: z.literal(['page', 'mail']),
  html: z.string(),
  scheme: z.literal(['light', 'dark']).default('light'),
});

/**
 * Shows, in a frame of the console, the HTML that the console has of a customer's page or of a mail: with a policy of its
 * own, as what stands in a frame's `srcdoc` has the console's, which lets neither the pictures
 * of other sites in nor the styles of a mail.
 *
 * Whatever is sent is a document of no origin in which nothing runs, and is shown in a frame of this server's pages
 * alone: nobody can be led to it, and no other site can send anything here.
 */
export function registerFramed(app: FastifyInstance, base: Pick<Base, 'config' | 'db' | 'vault'>): void {
  const { config } = base;
  app.post('/console/framed', { bodyLimit: mostSent }, async (request, reply) => {
    const { origin, 'sec-fetch-dest': place = 'iframe' } = request.headers;
    if (origin !== config.url || place !== 'iframe') throw new Problem('origin_refused');
    const { success, data } = sent.safeParse(request.body);
    if (!success) throw new Problem('invalid_body', 'Send `kind` and `html`.');
    const { styles, passes } = allowed[data.kind];
    const isPassed = passes && (await isStaff(base, request));
    const html = isPassed ? passPictures(data.html, passedAddress(base, data.scheme)) : data.html;
    const policy = [
      'sandbox',
      "default-src 'none'",
      `style-src ${styles}`,
      "img-src 'self' data:",
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
      .send(`${html}${leadsNowhere}`);
  });
}

/** For who is signed in alone this server asks other sites; to look at a preview by itself keeps no session alive. */
async function isStaff(base: Pick<Base, 'config' | 'db'>, request: FastifyRequest): Promise<boolean> {
  const cookie = sessionCookie(base, request);
  return cookie !== undefined && (await lookAtSession(base.db, cookie, now())) !== undefined;
}

/** A sandboxed frame may not lead the page around it away: so its links lead nowhere. */
const leadsNowhere = '<base target="_top">';
