// What server and child process say to each other. What crosses as text of its own stands beside the message.

export type ProgramFile = { readonly name: string; readonly source: string };

/** Something that the code printed. */
export type ConsoleLine = { readonly level: 'debug' | 'info' | 'log' | 'warn' | 'error'; readonly text: string };

/** Why a run has no output. */
export type RunFailure = {
  readonly kind:
    | 'error' // the code threw; `message` and `stack` are its own
    | 'deadline' // it was not done in time
    | 'cpu' // it used more processor time than it may
    | 'memory' // it wanted more memory than it may
    | 'output' // its output, or what it sent to a call, is too large or no JSON
    | 'crash' // its process died
    | 'busy'; // no place was free in time: nothing of it ran
  readonly message: string;
  readonly stack?: string | undefined;
};

/** How a run ended. */
export type Ended = {
  readonly console: readonly ConsoleLine[];
  readonly wallMs: number;
  readonly cpuMs: number;
  /** What the code last said it had come to (`$host.checkpoint`), JSON. */
  readonly checkpoint?: unknown;
} & ({ readonly output: unknown } | { readonly failure: RunFailure });

/** `run` comes with the input, `answer` with its value, both JSON. */
export type ToChild =
  | { readonly kind: 'program'; readonly version: string; readonly files: readonly ProgramFile[] }
  /** Nobody runs this version any more. */
  | { readonly kind: 'forget'; readonly version: string }
  /** To be answered at once. */
  | { readonly kind: 'ask' }
  /** Memory is short: idle isolates go. */
  | { readonly kind: 'trim' }
  /** What waits for an answer lets go of the memory that it does not need. */
  | { readonly kind: 'compact' }
  /** An isolate of this version is made before there is a run for it. */
  | { readonly kind: 'ahead'; readonly version: string }
  | { readonly kind: 'run'; readonly id: number; readonly version: string; readonly deadlineMs: number }
  | { readonly kind: 'answer'; readonly id: number; readonly call: number }
  | {
      readonly kind: 'refusal';
      readonly id: number;
      readonly call: number;
      readonly message: string;
      readonly code?: string | undefined;
    };
