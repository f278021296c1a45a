import { z } from 'zod';
import * as limits from './limits.ts';

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
  /** A thread of this run cannot be ended, V8 has lost its isolate, or memory is not given back: the process must be replaced. */
  z.object({ kind: z.literal('lost'), id: z.number() }),
  /** Bytes that the process takes, where the system does not tell. */
  z.object({ kind: z.literal('memory'), bytes: z.number() }),
]);

export type FromChild = z.infer<typeof fromChild>;
