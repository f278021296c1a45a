import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { embeddedAnswer, embeddedQuery, embeddedQuestion as shape } from '../../../contract/embedded-questions.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { answerEmbedded, embeddedQuestion } from '../login/login.ts';
import { readPart } from '../management/management.ts';
import { type Count, comingCustomer } from './coming-customer.ts';

const params = z.strictObject({ id: z.uuid() });

/** What a portal asks its customer in a page of its own, and what they say to it. */
export function serveQuestion(scope: FastifyInstance, base: Base, count: Count): void {
  scope.get('/api/v2/me/question', async (request, reply) => {
    const who = await comingCustomer(base, request, reply, { count, may: 'read:current_user' });
    const { language = who.coming.language } = readPart('query', embeddedQuery, request.query);
    const asked = await embeddedQuestion(base, { ...who.coming, language }, who.customer);
    return asked ? shape.parse(asked) : reply.code(204).send();
  });

  scope.post('/api/v2/me/question/:id/answer', async (request, reply) => {
    const who = await comingCustomer(base, request, reply, { count, may: 'update:current_user_metadata' });
    const { language = who.coming.language } = readPart('query', embeddedQuery, request.query);
    const { id } = readPart('params', params, request.params);
    const given = readPart('body', embeddedAnswer, request.body);
    const coming = { ...who.coming, language, at: now() };
    const answered = await answerEmbedded(base, coming, who.customer, { id, given });
    if ('outcome' in answered) return answered;
    const message = 'Some answers cannot be taken; nothing was kept. Send all of them again, the others as they were.';
    const told = { statusCode: 400, error: 'Bad Request', message, errorCode: 'invalid_body' };
    return reply.code(400).send({ ...told, fields: answered.refused, fine: answered.fine });
  });
}
