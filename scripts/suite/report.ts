/** What a process that runs test files tells the one that leads the run. */
export type Report = Began | Ended | Late;

/** A test, or (at depth 0) a file, is under way. */
export type Began = { kind: 'began'; name: string; depth: number };

/** It is over, and all that stands in it. */
export type Ended = {
  kind: 'ended';
  name: string;
  depth: number;
  ms: number;
  /** File and line of the test. */
  place: string;
  /** Why it failed, for a person; not of one that failed by a test in it. */
  fault?: string;
  isSkipped: boolean;
  /** Of this process: its processor time so far in milliseconds, and its memory in bytes. */
  spent: { cpuMs: number; memory: number };
};

/** What came when no test was there any more to fail by it. */
export type Late = { kind: 'late'; fault: string };
