/**
 * Lets only `most` run at once and `mostWaiting` wait, each no longer than `patienceMs`.
 *
 * @returns runs the work in its turn; undefined when its turn did not come, or too many wait already
 */
export function fewAtOnce(most: number, mostWaiting: number, patienceMs: number) {
  const waiting: ((isTurn: boolean) => void)[] = [];
  let running = 0;

  function turn(): Promise<boolean> {
    if (running < most) {
      running += 1;
      return Promise.resolve(true);
    }
    if (waiting.length >= mostWaiting) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const own = (isTurn: boolean) => {
      clearTimeout(timer);
      resolve(isTurn);
    };
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(own), 1);
      own(false);
    }, patienceMs);
    waiting.push(own);
    return promise;
  }

  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (!(await turn())) return undefined;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next(true);
      else running -= 1;
    }
  };
}
