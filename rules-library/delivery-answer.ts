import type { SourceAnswer, SourceFact } from '../server/features/enrichment/enrichment.ts';

/** What it means for something that was sent: a 2xx is taken, other 4xx never will be, the rest may be later. */
export function deliveryAnswer(status: number, facts: readonly SourceFact[] = []): SourceAnswer {
  if (status >= 200 && status < 300) return { status: 'hit', facts };
  const why = `It answered ${status}.`;
  if (status === 401 || status === 403) return { status: 'failed', why, pauseSeconds: 600 };
  if (status === 429) return { status: 'failed', why, pauseSeconds: 60 };
  const isFinal = status >= 300 && status < 500 && status !== 408 && status !== 425;
  return { status: 'failed', why, ...(isFinal && { final: true }) };
}
