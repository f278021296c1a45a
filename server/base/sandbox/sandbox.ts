import type { Logger } from 'pino';
import type { Ended } from './messages.ts';
import { openPool } from './pool.ts';
import type { Run } from './run.ts';

export { timeText } from './pool-work.ts';

/** `processes`: their ids; `memory`: what they take together, in bytes. */
export type Work = {
  readonly running: number;
  readonly waiting: number;
  readonly processes: readonly number[];
  readonly memory: number;
};

export type { ConsoleLine, Ended, RunFailure } from './messages.ts';
export type { HostCall, Program, Run } from './run.ts';

/** Runs code that is not trusted, in processes of its own. */
export type Sandbox = {
  /** Never throws for what the code does: how it ended is told. */
  run(run: Run): Promise<Ended>;
  /** What goes on. */
  work(): Work;
  close(): Promise<void>;
};

/**
 * Opens the sandbox; its processes start when there is something to run.
 *
 * @param memoryMb what all of them together may take
 */
export function openSandbox({ log, memoryMb = 1536 }: { log: Logger; memoryMb?: number | undefined }): Sandbox {
  return openPool({ log, memoryMb });
}
