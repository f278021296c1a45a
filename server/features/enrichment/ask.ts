import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { addJob } from '../../base/jobs.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { appendTimeline, changedByCode, findBySubject, learn, lockCustomerOf } from '../customers/customers.ts';
import {
  type AnswerRow,
  type Asked,
  claimQuestion,
  type Look,
  postponeQuestion,
  readAnswer,
  readStanding,
  settleQuestion,
} from './answers-store.ts';
import { mayCall, noteCall } from './breaker.ts';
import { callSource, orLater } from './call-source.ts';
import type { Source, SourceAnswer, SourceFact } from './source.ts';
import { giveTrialBack, type Permit } from './source-store.ts';

/** Who asks a source about whom. */
export type Asking = {
  readonly source: Source;
  /** As the rule has them. */
  readonly settings: unknown;
  /** Where the customer signs in: whose consent was looked at. */
  readonly brand: string;
  readonly subject: string;
  readonly question: JsonObject;
};

/** What a rule is told at once. */
export type Told =
  /** `facts`: what was learned just now; none when it was known already. */
  | { readonly status: 'hit'; readonly facts: readonly SourceFact[] }
  | { readonly status: 'miss' | 'failed' | 'later' | 'paused' };

const leaseSeconds = 60;
const timeoutMs = 10_000;
const finishTimeoutMs = 20_000;
const dayMs = 24 * 3_600_000;
const retrySeconds: readonly number[] = [60, 300, 1_800, 7_200, 21_600];

/**
 * Asks a source about a customer unless it is known what it would say: at most once per interval of the source, whichever
 * of their ways in they come by, never while its circuit breaker is open, and once when many sign-ins of the customer come
 * together. What takes longer than the source's patience, or fails, is finished by a job. What is not true of the customer
 * as they are stored is not asked.
 */
export async function ask(base: Base, asking: Asking): Promise<Told> {
  const { source, subject, question, brand } = asking;
  const asked: Asked = { subject, source: source.id };
  const at = now();
  const settings = source.settings.parse(asking.settings);
  const place = source.place?.(settings) ?? '';
  const askedFor = createHash('sha256').update(JSON.stringify(question)).update(place).digest();
  const { leastHours } = source.again(settings);
  const otherBefore = leastHours === null ? new Date(0) : new Date(at.getTime() - leastHours * 3_600_000);
  const look = { kind: source.kind, askedFor, at };
  const known = await readStanding(base.db, asked, look);
  if (known && !isDue(known, { askedFor, at, otherBefore })) return told(known);
  // What is written only with this sign-in, or was made up by another rule, is not theirs yet.
  if (!(await holds(base.db, source, asked, question))) return { status: 'later' };
  const permit = await mayCall(base, source.id);
  if (!permit) return { status: 'paused' };
  let before: AnswerRow | undefined;
  let isOurs = false;
  try {
    before = await claim(base, asked, { question, brand, look, otherBefore });
    isOurs = !before;
  } finally {
    if (!isOurs) await giveTrialBack(base.db, source.id, permit, now());
  }
  if (before) return told(before);
  const work = callSource(base, source, settings, question, timeoutMs).then((answer) =>
    settle(base, { source, settings, permit, asked, question, askedAt: at }, answer),
  );
  // Nobody may be waiting for it any more; the job looks at it again.
  work.catch((fault) => base.log.warn({ err: fault, source: source.id }, 'an answer of a source was not kept'));
  return (await orLater(work, source.patienceMs)) ?? { status: 'later' };
}

/** Of many sign-ins of one customer at once, by whichever ways in, one gets to ask; the others are told what there is. */
function claim(
  { db }: Base,
  asked: Asked,
  { question, brand, look, otherBefore }: Pick<Asking, 'question' | 'brand'> & { look: Look; otherBefore: Date },
): Promise<AnswerRow | undefined> {
  const { askedFor, at } = look;
  return transact(db, async (tx) => {
    await lockCustomerOf(tx, asked.subject);
    const present = await readStanding(tx, asked, look);
    if (present && !isDue(present, { askedFor, at, otherBefore })) return present;
    if (present?.status === 'asking' && present.subject !== asked.subject) await giveUp(tx, present, 0);
    // Longer than until the job's own call is over: nobody asks beside it.
    await claimQuestion(tx, asked, { question, askedFor, at, leaseUntil: inSeconds(2 * leaseSeconds) });
    await finishLater(tx, asked, brand, leaseSeconds);
    return undefined;
  });
}

/**
 * The rest of a question: asked again by a job, until there is an answer or the last try has failed.
 *
 * @param look undefined when the rule is off, or the customer does not allow it any more: the question is dropped
 */
export async function finish(
  base: Base,
  asked: Asked,
  brand: string,
  look: () => Promise<Pick<Asking, 'source' | 'settings'> | undefined>,
): Promise<void> {
  const row = await readAnswer(base.db, asked);
  const question = row?.question ?? undefined;
  if (row?.status !== 'asking' || !isJsonObject(question)) return;
  const asking = await look();
  if (!asking) return giveUp(base.db, row, 0);
  const { source } = asking;
  // They have another address by now: the old one may be somebody else's, and a sign-in asks about the new one.
  if (!(await holds(base.db, source, asked, question))) return giveUp(base.db, row, 0);
  const seconds = retrySeconds[row.attempts];
  const again = async () => {
    if (seconds === undefined) return giveUp(base.db, row, dayMs);
    await transact(base.db, async (tx) => {
      await postponeQuestion(tx, asked, row.asked_at, inSeconds(seconds + leaseSeconds));
      await finishLater(tx, asked, brand, seconds);
    });
  };
  const settings = source.settings.parse(asking.settings);
  const permit = await mayCall(base, source.id);
  if (!permit) return again();
  const answer = await callSource(base, source, settings, question, finishTimeoutMs);
  const settling = { source, settings, permit, asked, question, askedAt: row.asked_at };
  const { status } = await settle(base, settling, answer);
  if (status === 'later') await again();
}

type Settling = {
  source: Source;
  settings: unknown;
  permit: Permit;
  asked: Asked;
  question: JsonObject;
  askedAt: Date;
};

/** Counts the call and keeps the answer with what it tells, in one transaction; `later`: it is to be asked again. */
async function settle(
  base: Base,
  { source, settings, permit, asked, question, askedAt }: Settling,
  answer: SourceAnswer,
): Promise<Told> {
  await noteCall(base, source.id, permit, answer);
  if (answer.status === 'later' || (answer.status === 'failed' && !answer.final)) return { status: 'later' };
  const { hitDays, missDays } = source.again(settings);
  const days = answer.status === 'hit' ? hitDays : answer.status === 'miss' ? missDays : 1;
  const at = now();
  const askAgainAt = days === null ? never : new Date(at.getTime() + days * dayMs);
  const learned = await transact(base.db, async (tx) => {
    // First, as whoever claims a question does: so neither waits for the other in a circle.
    if (answer.status === 'hit' && !(await isThere(tx, asked.subject))) return [];
    if (!(await settleQuestion(tx, asked, { status: answer.status, askedAt, askAgainAt }))) return [];
    await sql`select graphile_worker.remove_job(${jobKey(asked)})`.execute(tx);
    // Of an address that was theirs when it was asked about nothing is learned.
    if (answer.status !== 'hit' || !(await holds(tx, source, asked, question))) return [];
    await learnFrom(base, tx, asked, answer.facts);
    return answer.facts;
  });
  return answer.status === 'hit' ? { status: 'hit', facts: learned } : { status: answer.status };
}

/** Is the question true of the customer as they are now? */
async function holds(db: Db, source: Source, { subject }: Asked, question: JsonObject): Promise<boolean> {
  if (!source.holds) return true;
  const customer = await findBySubject(db, subject);
  return customer !== undefined && source.holds(question, customer);
}

/** Locks the customer until the transaction ends. False: erased meanwhile. */
async function isThere(tx: Db, subject: string): Promise<boolean> {
  try {
    await lockCustomerOf(tx, subject);
    return true;
  } catch (error) {
    if (isProblem(error, 'not_found')) return false;
    throw error;
  }
}

/** What cannot be kept is left out: the source was asked and paid, and would only say it again. */
async function learnFrom(base: Base, tx: Db, { subject, source }: Asked, facts: readonly SourceFact[]): Promise<void> {
  const said = { source: 'rule', origin: `library:${source}`, at: now() } as const;
  try {
    const drafts = facts.map((fact) => ({ ...fact, ...said }));
    await appendTimeline(tx, changedByCode(subject, { ...said, paths: await learn(tx, subject, drafts) }));
  } catch (error) {
    if (!isProblem(error)) throw error;
    base.log.warn({ source, problem: error.code }, 'what a source told of a customer was not kept');
  }
}

/** The question is not asked any more. */
async function giveUp(db: Db, { subject, source, asked_at: askedAt }: AnswerRow, forMs: number): Promise<void> {
  const askAgainAt = new Date(now().getTime() + forMs);
  await settleQuestion(db, { subject, source }, { status: 'failed', askedAt, askAgainAt });
}

// The year 9999: as good as for ever, and a date to every program.
const never = new Date(Date.UTC(9999, 0, 1));

function finishLater(tx: Db, asked: Asked, brand: string, seconds: number): Promise<void> {
  const options = { key: jobKey(asked), runAt: inSeconds(seconds), maxAttempts: 5 };
  return addJob(tx, 'finish_enrichment', { ...asked, brand }, options);
}

function jobKey({ subject, source }: Asked): string {
  return `enrichment ${source} ${subject}`;
}

function isDue(
  row: AnswerRow,
  { askedFor, at, otherBefore }: { askedFor: Buffer; at: Date; otherBefore: Date },
): boolean {
  if (row.ask_again_at <= at) return true;
  return row.status !== 'asking' && !row.asked_for.equals(askedFor) && row.asked_at <= otherBefore;
}

function told({ status }: AnswerRow): Told {
  if (status === 'hit') return { status, facts: [] };
  return { status: status === 'asking' ? 'later' : status === 'miss' ? 'miss' : 'failed' };
}
