import { setTimeout as pause } from 'node:timers/promises';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { Source, SourceAnswer } from './source.ts';

const mostBytes = 256 * 1024;

/** Calls a source once. What goes wrong at its end, or on the way, is an answer, too. */
export async function callSource<Settings>(
  { outgoing }: Pick<Base, 'outgoing'>,
  source: Source<Settings>,
  settings: Settings,
  question: JsonObject,
  timeoutMs: number,
): Promise<SourceAnswer> {
  const { url, ...init } = source.request(settings, question);
  try {
    const response = await outgoing.fetch(url, init, { timeoutMs, maxBytes: mostBytes });
    const { status, headers } = response;
    return source.read(settings, { status, headers, json: parse(await response.text()) });
  } catch (error) {
    if (isProblem(error, 'outgoing_refused')) {
      return { status: 'failed', why: 'Its address may not be called from here.', final: true };
    }
    if (isProblem(error, 'outgoing_failed')) {
      return { status: 'failed', why: `It did not answer (${String(error.extra.reason)}).` };
    }
    throw error;
  }
}

/** The first to come: what the work gives, or undefined after this time; the work goes on. */
export async function orLater<T>(work: Promise<T>, patienceMs: number): Promise<T | undefined> {
  const waiting = new AbortController();
  try {
    return await Promise.race([work, pause(patienceMs, undefined, { signal: waiting.signal })]);
  } finally {
    waiting.abort();
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
