import { z } from 'zod';
import type { Base } from './base.ts';
import { blotOut } from './blot-out.ts';
import { now } from './clock.ts';
import { isProblem } from './errors.ts';
import type { Json } from './json.ts';
import type { TextProvider } from './text-provider.ts';
import { textProvider } from './text-provider.ts';

const textJob = z.object({
  id: z.uuid(),
  secrets: z.array(z.string()),
  until: z.iso.datetime(),
  purpose: z.string().optional(),
  ip: z.string().optional(),
  portal: z.string().optional(),
  userAgent: z.string().optional(),
});
const channel = z.literal(['sms', 'voice']);

/** A message as the umbrella's own code carries it. */
export type CarriedText = {
  readonly channel: 'sms' | 'voice';
  readonly to: string;
  readonly text: string;
  readonly language: string;
  /** What is to be typed. */
  readonly code: string;
  readonly purpose: string | undefined;
  /** The subject whose message it is. */
  readonly whose: string | null;
  readonly ip: string | undefined;
  readonly portal: string | undefined;
  readonly userAgent: string | undefined;
};

/** Carries a message instead of a provider; false: that is not for it to do. Throws when it has failed. */
export type CarryText = (base: Base, message: CarriedText) => Promise<boolean>;

/**
 * Job `send_text`: hands one message to the provider of its channel. What fails in passing (no answer, 429, 5xx) is
 * thrown, so that the job is tried again, ever later; what the provider refuses, or what comes too late, has failed.
 *
 * @param carry is asked before the provider
 * @param deadlineMs for the whole request; only tests set it
 */
export async function sendText(base: Base, payload: Json, carry?: CarryText, deadlineMs = 10_000): Promise<void> {
  const { id, secrets, until, ...asked } = textJob.parse(payload);
  const row = await base.db
    .selectFrom('text_messages')
    .selectAll()
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .executeTakeFirst();
  if (!row) return;
  const mark = (values: { status?: 'sent' | 'failed'; error?: string; sent_at?: Date }) =>
    base.db
      .updateTable('text_messages')
      .set({ ...values, ...(values.status && { body: blotOut(row.body, secrets) }) })
      .where('id', '=', id)
      .execute();

  if (now() > new Date(until)) return void (await mark({ status: 'failed', error: row.error ?? 'too late' }));
  const { recipient: to, body: text, language, subject_id: whose } = row;
  const kind = channel.parse(row.channel);
  const { purpose, ip, portal, userAgent } = asked;
  const [code = ''] = secrets;
  const message = { channel: kind, to, text, language, code, purpose, whose, ip, portal, userAgent };
  const isCarried = await carry?.(base, message).catch(async (error: unknown) => {
    await mark({ error: 'the code that carries it has failed' });
    throw error;
  });
  if (isCarried) return void (await mark({ status: 'sent', sent_at: now() }));
  const provider = await textProvider(base, kind);
  if (!provider) return void (await mark({ status: 'failed', error: 'there is no provider any more' }));
  const outcome = await deliver(base, provider, { id, to, text, language }, deadlineMs);
  if (outcome.ok) return void (await mark({ status: 'sent', sent_at: now() }));
  if (outcome.final) return void (await mark({ status: 'failed', error: outcome.error }));
  await mark({ error: outcome.error });
  throw new Error(`A text message was not taken: ${outcome.error}`);
}

type Outcome = { ok: true } | { ok: false; final: boolean; error: string };

/** What the provider says is never kept: it may repeat the message. */
async function deliver(
  { outgoing }: Pick<Base, 'outgoing'>,
  { url, headers, content_type, body }: TextProvider,
  values: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Outcome> {
  const fill = content_type === 'application/json' ? inJson : encodeURIComponent;
  const filled = body.replace(/\{(to|text|language|id)\}/g, (_, name: string) => fill(values[name] ?? ''));
  try {
    const init = { method: 'POST', headers: { ...headers, 'content-type': content_type }, body: filled };
    const { ok, status } = await outgoing.fetch(url, init, { timeoutMs, maxBytes: 100_000 });
    if (ok) return { ok };
    return { ok: false, final: status < 500 && status !== 408 && status !== 429, error: `answered ${status}` };
  } catch (error) {
    if (!isProblem(error, 'outgoing_failed', 'outgoing_refused')) throw error;
    // An address that may not be called can be put right by the operator.
    return { ok: false, final: false, error: String(error.extra.reason ?? error.code) };
  }
}

/** As it stands between the quotes of a JSON text. */
function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
