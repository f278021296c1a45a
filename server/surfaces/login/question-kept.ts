import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { type Customer, findByUserId } from '../../features/customers/customers.ts';
import { type Asking, askingOf, keepAnswer, putOff, readAnswers } from '../../features/questions/questions.ts';
import { type Device, knownDevice, userAgentOf } from './browser-cookies.ts';
import { answersIn } from './consent-form.ts';
import type { Form } from './form.ts';
import { portalAndBrand } from './page-visit.ts';
import { explain } from './problem-text.ts';
import { consentsOf, writeConsents } from './question-consents.ts';
import { givenIn, sentencesOf } from './question-form.ts';
import { questionModel } from './question-model.ts';
import { roomOf, sendMessage, sendPage } from './room.ts';
import type { Coming } from './visit.ts';

// A page that is left open outlives its flow. Its form carries a sealed token, good for a day and in this browser alone,
// by which the answer is kept all the same.

const goodForMs = 86_400_000;
const content = z.object({
  ask: z.uuid(),
  customer: z.string(),
  era: z.number(),
  portal: z.string(),
  until: z.number(),
});
type Content = z.infer<typeof content>;

/** Seals what was asked of whom, for the form that this browser is shown. */
export function sealAsk(
  { vault }: Pick<Base, 'vault'>,
  device: Device,
  { at, ...asked }: Omit<Content, 'until'> & { readonly at: Date },
): string {
  return vault.encrypt(JSON.stringify({ ...asked, until: at.getTime() + goodForMs }), contextOf(device));
}

/** What it says; undefined: it is none, too old, or another browser's. */
function openAsk({ vault }: Pick<Base, 'vault'>, device: Device, sealed: string): Content | undefined {
  try {
    const read = content.safeParse(JSON.parse(vault.decrypt(sealed, contextOf(device))));
    return read.success && now().getTime() < read.data.until ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function contextOf({ cookieHash }: Device): string {
  return `question ${cookieHash.toString('hex')}`;
}

/** Was nothing of theirs ended since they came in? Else it may be for whoever sits at this page that it was ended. */
export function isStillIn(customer: Pick<Customer, 'era' | 'erase_at'>, era: number): boolean {
  return customer.era === era && customer.erase_at === null;
}

/**
 * Keeps what was said on a page whose flow is over, and says so on a page that leads back to the portal. Sent again, it
 * changes nothing.
 *
 * @param act the last part of the form's address
 * @returns undefined when the form does not tell what it answers, or not to this browser
 * @throws Problem `origin_refused`, `user_blocked`
 */
export async function keepLate(
  base: Base,
  request: FastifyRequest,
  reply: FastifyReply,
  { act, form }: { readonly act: string; readonly form: Form },
): Promise<FastifyReply | undefined> {
  const device = knownDevice(base.config, request);
  const told = device && form.kept !== undefined ? openAsk(base, device, form.kept) : undefined;
  if (!told) return undefined;
  if (request.headers.origin !== base.config.url) throw new Problem('origin_refused');
  const customer = await findByUserId(base.db, told.customer);
  const asking = customer && (await askingOf(base.db, customer.id, told.ask));
  if (!asking || !isStillIn(customer, told.era)) return undefined;
  if (customer.blocked) throw new Problem('user_blocked');
  const place = await portalAndBrand(base, told.portal);
  const room = await roomOf(request, reply, place);
  const { language } = room;
  const coming: Coming = { ...place, language, ip: request.ip, userAgent: userAgentOf(request), at: now() };
  if (asking.ask.outcome) return sendMessage(room, { key: 'question.ended', link: 'home' });
  if (act !== 'question') {
    if (isRequired(asking)) throw new Problem('invalid_body');
    await putOff(base.db, customer.id, told.ask, act === 'question-never' ? 'never' : 'not_now', coming.at);
    return sendMessage(room, { key: 'question.noted', link: 'home' });
  }
  const country = base.geo.detailsOf(coming.ip)?.country;
  const { said, faults } = readAnswers(asking.fields, givenIn(form, asking.fields), country);
  const showAgain = async (problem: string, status: number, errors: Record<string, string> = {}) => {
    const consents = await consentsOf(base, coming.brand.id, { fields: asking.fields, customer });
    const model = questionModel(coming, { asking, customer, consents, kept: form.kept ?? '', form });
    return sendPage(room, 'question', { ...model, errors, problem }, status);
  };
  if (faults.size > 0) return showAgain(room.say('question.look'), 400, sentencesOf(faults, room.say));
  const consents = await consentsOf(base, coming.brand.id, { fields: asking.fields, customer });
  const { subject } = asking.ask;
  try {
    await keepAnswer(base.db, asking, {
      customer: customer.id,
      era: told.era,
      subject,
      said,
      consents: (tx) =>
        writeConsents({ ...base, db: tx }, coming, { customer, subject, consents, answers: answersIn(form) }),
      at: coming.at,
    });
  } catch (error) {
    // What can be mended is said on the page itself, with all that was typed.
    if (!isProblem(error)) throw error;
    const { text, status } = explain(error, room.say);
    return showAgain(text, status);
  }
  return sendMessage(room, { key: 'question.kept', link: 'home' });
}

function isRequired({ fields }: Asking): boolean {
  return fields.some((field) => 'path' in field && field.required);
}
