import type { Base } from '../../base/base.ts';
import { sealAudit } from './seal.ts';

const everyMs = 5000;

/** Seals every five seconds until it is stopped; what cannot be sealed now is sealed the next time. */
export function startSealing({ db, log }: Pick<Base, 'db' | 'log'>): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    running = sealAudit(db)
      .catch((fault: unknown) => log.error({ err: fault }, 'The audit log could not be sealed.'))
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
