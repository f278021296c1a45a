// What server and child process say to each other. What crosses as text of its own stands beside the message.
import { z } from 'zod';
import * as limits from './limits.ts';

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
  /** Memory is short: idle isolates go. */
  | { readonly kind: 'trim' }
  | { readonly kind: 'run'; readonly id: number; readonly version: string; readonly deadlineMs: number }
  | { readonly kind: 'answer'; readonly id: number; readonly call: number }
  | {
      readonly kind: 'refusal';
      readonly id: number;
      readonly call: number;
      readonly message: string;
      readonly code?: string | undefined;
    };

const failure = z.object({
  kind: z.enum(['error', 'deadline', 'cpu', 'memory', 'output']),
  message: z.string(),
  stack: z.string().optional(),
});
const line = z.object({ level: z.enum(['debug', 'info', 'log', 'warn', 'error']), text: z.string() });

/** Checked, for a child whose code has broken out may say anything. `call` comes with the argument, `ended` with the output. */
export const fromChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started') }),
  z.object({
    kind: z.literal('call'),
    id: z.number(),
    call: z.number(),
    name: z.string(),
    checkpoint: z.string().optional(),
  }),
  z.object({
    kind: z.literal('ended'),
    id: z.number(),
    failure: failure.optional(),
    checkpoint: z.string().optional(),
    console: z.array(line).max(limits.mostLines),
    cpuMs: z.number(),
    /** Idle isolates of its version. */
    idle: z.number(),
  }),
  /** An isolate was made for this run, which begins now. */
  z.object({ kind: z.literal('loaded'), id: z.number() }),
  /** A thread of this run cannot be ended, or V8 has lost its isolate: the process must be replaced. */
  z.object({ kind: z.literal('lost'), id: z.number() }),
  /** Bytes that the process takes, where the system does not tell. */
  z.object({ kind: z.literal('memory'), bytes: z.number() }),
]);

export type FromChild = z.infer<typeof fromChild>;
