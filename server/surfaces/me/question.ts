import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { embeddedAnswer, embeddedQuery, embeddedQuestion as shape } from '../../../contract/embedded-questions.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { answerEmbedded, embeddedQuestion } from '../login/login.ts';
import { readPart } from '../management/management.ts';
import { type Count, comingCustomer } from './coming-customer.ts';

// Six fields with their longest texts, and a page of consents.
const mostSent = 256 * 1024;
const mostParts = 2000;

const params = z.strictObject({ id: z.uuid() });

/** What a portal asks its customer in a page of its own, and what they say to it. */
export function serveQuestion(scope: FastifyInstance, base: Base, count: Count): void {
  scope.get('/api/v2/me/question', async (request, reply) => {
    const who = await comingCustomer(base, request, reply, { count, may: 'read:current_user' });
    const { language = who.coming.language } = readPart('query', embeddedQuery, request.query);
    const asked = await embeddedQuestion(base, { ...who.coming, language }, who.customer);
    return asked ? shape.parse(asked) : reply.code(204).send();
  });

  scope.post('/api/v2/me/question/:id/answer', { bodyLimit: mostSent }, async (request, reply) => {
    const who = await comingCustomer(base, request, reply, { count, may: 'update:current_user_metadata' });
    const { language = who.coming.language } = readPart('query', embeddedQuery, request.query);
    const { id } = readPart('params', params, request.params);
    refuseWide(request.body);
    const given = readPart('body', embeddedAnswer, request.body);
    const coming = { ...who.coming, language, at: now() };
    const answered = await answerEmbedded(base, coming, who.customer, { id, given });
    if ('outcome' in answered) return answered;
    const message = 'Some answers cannot be taken; nothing was kept. Send all of them again, the others as they were.';
    const told = { statusCode: 400, error: 'Bad Request', message, errorCode: 'invalid_body' };
    return reply.code(400).send({ ...told, fields: answered.refused, fine: answered.fine });
  });
}

/** Reading JSON by its contract takes far longer than getting it: what is too much is not read. @throws Problem `invalid_body` */
function refuseWide(body: unknown): void {
  const waiting: unknown[] = [body];
  for (let seen = 0; waiting.length > 0; seen += 1) {
    const one = waiting.pop();
    const parts = typeof one === 'object' && one !== null ? Object.values(one) : [];
    if (seen + waiting.length + parts.length > mostParts) {
      throw new Problem('invalid_body', "Payload validation error: 'Too many values' on property answers.");
    }
    waiting.push(...parts);
  }
}
