import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { addJob } from '../../base/jobs.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { appendTimeline, changedByCode, learn } from '../customers/customers.ts';
import {
  type AnswerRow,
  type Asked,
  claimQuestion,
  postponeQuestion,
  readAnswer,
  settleQuestion,
} from './answers-store.ts';
import { mayCall, noteCall } from './breaker.ts';
import { callSource, orLater } from './call-source.ts';
import type { Source, SourceAnswer, SourceFact } from './source.ts';

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
 * Asks a source about a customer unless it is known what it would say: at most once per interval of the source, never
 * while its circuit breaker is open, and once when many sign-ins of the customer come together. What takes longer than
 * the source's patience, or fails, is finished by a job.
 */
export async function ask(base: Base, asking: Asking): Promise<Told> {
  const { source, subject, question, brand } = asking;
  const asked: Asked = { subject, source: source.id };
  const askedFor = createHash('sha256').update(JSON.stringify(question)).digest();
  const at = now();
  const settings = source.settings.parse(asking.settings);
  const { leastHours } = source.again(settings);
  const otherBefore = leastHours === null ? new Date(0) : new Date(at.getTime() - leastHours * 3_600_000);
  const known = await readAnswer(base.db, asked);
  if (known && !isDue(known, { askedFor, at, otherBefore })) return told(known);
  if (!(await mayCall(base, source.id))) return { status: 'paused' };
  const claimed = await transact(base.db, async (tx) => {
    const claim = { question, askedFor, at, otherBefore, leaseUntil: inSeconds(leaseSeconds) };
    if (!(await claimQuestion(tx, asked, claim))) return false;
    await finishLater(tx, asked, brand, leaseSeconds);
    return true;
  });
  if (!claimed) return { status: 'later' };
  const work = callSource(base, source, settings, question, timeoutMs).then((answer) =>
    settle(base, { source, settings, asked, askedAt: at }, answer),
  );
  // Nobody may be waiting for it any more; the job looks at it again.
  work.catch((fault) => base.log.warn({ err: fault, source: source.id }, 'an answer of a source was not kept'));
  return (await orLater(work, source.patienceMs)) ?? { status: 'later' };
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
  if (!asking) return drop(base, asked, row, 0);
  const { source } = asking;
  const seconds = retrySeconds[row.attempts];
  const again = async () => {
    if (seconds === undefined) return drop(base, asked, row, dayMs);
    await transact(base.db, async (tx) => {
      await postponeQuestion(tx, asked, row.asked_at, inSeconds(seconds + leaseSeconds));
      await finishLater(tx, asked, brand, seconds);
    });
  };
  if (!(await mayCall(base, source.id))) return again();
  const settings = source.settings.parse(asking.settings);
  const answer = await callSource(base, source, settings, question, finishTimeoutMs);
  const { status } = await settle(base, { source, settings, asked, askedAt: row.asked_at }, answer);
  if (status === 'later') await again();
}

type Settling = { source: Source; settings: unknown; asked: Asked; askedAt: Date };

/** Counts the call and keeps the answer with what it tells, in one transaction; `later`: it is to be asked again. */
async function settle(base: Base, { source, settings, asked, askedAt }: Settling, answer: SourceAnswer): Promise<Told> {
  await noteCall(base, source.id, answer);
  if (answer.status === 'later' || (answer.status === 'failed' && !answer.final)) return { status: 'later' };
  const { hitDays, missDays } = source.again(settings);
  const days = answer.status === 'hit' ? hitDays : answer.status === 'miss' ? missDays : 1;
  const at = now();
  const askAgainAt = days === null ? never : new Date(at.getTime() + days * dayMs);
  const kept = await transact(base.db, async (tx) => {
    if (!(await settleQuestion(tx, asked, { status: answer.status, askedAt, askAgainAt }))) return false;
    if (answer.status === 'hit') await learnFrom(base, tx, asked, answer.facts);
    await sql`select graphile_worker.remove_job(${jobKey(asked)})`.execute(tx);
    return true;
  });
  if (answer.status !== 'hit') return { status: answer.status };
  return { status: 'hit', facts: kept ? answer.facts : [] };
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

async function drop(base: Base, asked: Asked, row: AnswerRow, forMs: number): Promise<void> {
  const askAgainAt = new Date(now().getTime() + forMs);
  await settleQuestion(base.db, asked, { status: 'failed', askedAt: row.asked_at, askAgainAt });
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
