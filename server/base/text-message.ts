import { sql } from 'kysely';
import { now } from './clock.ts';
import type { Db } from './db.ts';
import { uuid } from './ids.ts';
import { addJob } from './jobs.ts';
import type { Language } from './languages.ts';

/** A text message, or a call in which it is read aloud. */
export type TextMessage = {
  /** The brand's id. */
  readonly brand: string;
  readonly channel: 'sms' | 'voice';
  /** E.164. */
  readonly to: string;
  readonly text: string;
  readonly language: Language;
  /** The subject (of a customer) whose message it is, so that erasure finds it. */
  readonly whose?: string | undefined;
  /** Codes in the text: blotted out of what is kept once the message has left. */
  readonly secrets: readonly string[];
  /** After this instant it helps nobody, and is given up instead of sent late. */
  readonly until: Date;
  /** For code that carries it: what it is for, and where it was asked for. */
  readonly purpose: string;
  readonly asked: {
    readonly ip: string;
    readonly portal?: string | undefined;
    readonly userAgent?: string | undefined;
  };
};

/** What the job `send_text` is given. */
export type TextJob = {
  id: string;
  secrets: string[];
  until: string;
  purpose: string;
  ip: string;
  portal?: string;
  userAgent?: string;
};

/** Writes a message down and queues its sending, both in the caller's transaction. @returns the id of its row */
export async function queueText(tx: Db, message: TextMessage): Promise<string> {
  const { brand, channel, to, text, language, whose = null, secrets, until, purpose, asked } = message;
  const { ip, portal, userAgent } = asked;
  const id = uuid();
  await tx
    .insertInto('text_messages')
    .values({
      id,
      subject_id: whose,
      brand,
      channel,
      recipient: to,
      body: text,
      language,
      status: 'queued',
      created_at: now(),
    })
    .execute();
  const job: TextJob = {
    id,
    secrets: [...secrets],
    until: until.toISOString(),
    purpose,
    ip,
    ...(portal !== undefined && { portal }),
    ...(userAgent !== undefined && { userAgent }),
  };
  await addJob(tx, 'send_text', job);
  return id;
}

/** Deletes the messages of an erased customer: by whose they were, and those to their numbers that were nobody's. */
export async function eraseTexts(
  tx: Db,
  whose: { subjects: readonly string[]; phones: readonly string[] },
): Promise<void> {
  await sql`delete from text_messages where subject_id = any(${whose.subjects}::uuid[])
    or (subject_id is null and recipient = any(${whose.phones}::text[]))`.execute(tx);
}
