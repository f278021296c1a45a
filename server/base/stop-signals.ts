const patienceMs = 1000;

/**
 * Calls `stop` at the first SIGTERM or Ctrl+C. One signal often comes twice at the same moment, because terminals and
 * service managers send it to the whole group and npm passes it on as well; only who asks again later is impatient, and
 * ends the process at once.
 */
export function onStopSignal(stop: (signal: 'SIGTERM' | 'SIGINT') => void): void {
  let first: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (first === undefined) {
        first = performance.now();
        stop(signal);
      } else if (performance.now() - first > patienceMs) process.exit(1);
    });
  }
}
