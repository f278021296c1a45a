/** What this customer was asked of one question so far. */
export type Asked = {
  readonly question: string;
  readonly lastShownAt: Date;
  /** How often they said "not now", or went on without an answer. */
  readonly putOff: number;
  /** When, and at which sign-in, they did so last. */
  readonly lastPutOff: { readonly at: Date; readonly signIn: number } | null;
  /** They said that they do not want to be asked this again. */
  readonly never: boolean;
  /** Keys of the fields that stood on a page which they answered: those had their chance. */
  readonly answered: readonly string[];
};

/** What this customer was asked so far, of everything. */
export type History = ReadonlyMap<string, Asked>;

const day = 86_400_000;

/** When they were last asked anything; undefined: never. */
export function lastAskedAt(history: History): Date | undefined {
  const times = [...history.values()].map(({ lastShownAt }) => lastShownAt.getTime());
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Is this customer left in peace now, whatever is due? */
export function isInPause(history: History, at: Date, pauseDays: number): boolean {
  const last = lastAskedAt(history);
  return last !== undefined && at.getTime() - last.getTime() < pauseDays * day;
}

/** Does a "not now" still hold this question back? */
export function isHeldBack(
  { putOff, lastPutOff }: Pick<Asked, 'putOff' | 'lastPutOff'>,
  { unit, steps }: { readonly unit: 'sign_ins' | 'days'; readonly steps: readonly number[] },
  now: { readonly at: Date; readonly signIn: number },
): boolean {
  if (!lastPutOff) return false;
  const step = steps[Math.min(putOff, steps.length) - 1] ?? 0;
  if (unit === 'days') return now.at.getTime() - lastPutOff.at.getTime() < step * day;
  return now.signIn - lastPutOff.signIn <= step;
}
