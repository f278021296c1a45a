import Fastify, { type FastifyInstance } from 'fastify';
import { Liquid } from 'liquidjs';
import type { Db } from '../../server/base/db.ts';
import { type OutboxMail, readOutbox } from '../../server/base/outbox.ts';

const mostMails = 50;

/**
 * The mails of the demo on a page, in place of a mail program: there is no mail server, so nothing leaves.
 *
 * @param neighbours the other pages of the demo
 */
export async function createOutbox(
  db: Db,
  neighbours: readonly { name: string; href: string }[],
): Promise<FastifyInstance> {
  const app = Fastify({ logger: false });
  const liquid = new Liquid({ root: import.meta.dirname, extname: '.liquid', outputEscape: 'escape', cache: true });

  app.get<{ Querystring: { mail?: string } }>('/', async (request, reply) => {
    const mails = await readOutbox(db, mostMails);
    const open = mails.find((mail) => mail.id === request.query.mail) ?? mails[0];
    const model = {
      mails: mails.map((mail) => ({ ...show(mail), isOpen: mail === open })),
      open: open && { ...show(open), lines: linesOf(open.body_text) },
      neighbours,
    };
    const html = await liquid.renderFile('outbox', model);
    return reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
      })
      .type('text/html; charset=utf-8')
      .send(html);
  });

  // What a mail program shows of it. It stands in a frame: no script, no forms, links open beside.
  app.get<{ Params: { id: string } }>('/mails/:id', async (request, reply) => {
    const mail = (await readOutbox(db, mostMails)).find(({ id }) => id === request.params.id);
    if (!mail) return reply.code(404).type('text/plain').send('There is no such mail.');
    return reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy':
          "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src http: https:",
      })
      .type('text/html; charset=utf-8')
      .send(mail.body_html.replace('<head>', '<head><base target="_blank">'));
  });

  return app;
}

function show(mail: OutboxMail) {
  return {
    id: mail.id,
    from: nameOf(mail.sender),
    to: mail.recipient,
    subject: mail.subject,
    language: mail.language,
    instant: mail.created_at.toISOString(),
    time: mail.created_at.toISOString().slice(11, 19),
    day: mail.created_at.toISOString().slice(0, 10),
  };
}

/** `Lumière <bonjour@lumiere.example>` is Lumière. */
function nameOf(sender: string): string {
  return /^\s*"?([^"<]+?)"?\s*</.exec(sender)?.[1] ?? sender;
}

/** The text of a mail by lines; a line is parted where an address of the web begins and ends. */
function linesOf(text: string): { text: string; href?: string }[][] {
  const lines = text.trim().split('\n');
  return lines.map((line) =>
    line
      .split(/(https?:\/\/\S+)/)
      .filter((part) => part !== '')
      .map((part) => (/^https?:/.test(part) ? { text: part, href: part } : { text: part })),
  );
}
