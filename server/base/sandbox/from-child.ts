import { z } from 'zod';
import * as limits from './limits.ts';

const failure = z.object({
  kind: z.enum(['error', 'deadline', 'cpu', 'memory', 'output']),
  message: z.string().max(limits.mostMessage),
  stack: z.string().max(limits.mostStack).optional(),
});
const line = z.object({
  level: z.enum(['debug', 'info', 'log', 'warn', 'error']),
  text: z.string().max(limits.mostLineText),
});
const idle = z.int().min(0).max(limits.mostPlaces);
const checkpoint = z.string().max(limits.mostOutput).optional();

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started') }),
  /** The answer to `ask`. */
  z.object({ kind: z.literal('here') }),
  z.object({
    kind: z.literal('call'),
    id: z.number(),
    call: z.number(),
    name: z.string().max(limits.mostName),
    checkpoint,
  }),
  z.object({
    kind: z.literal('ended'),
    id: z.number(),
    failure: failure.optional(),
    checkpoint,
    // The last one tells that more were printed.
    console: z.array(line).max(limits.mostLines + 1),
    cpuMs: z.number(),
    /** Idle isolates of its version. */
    idle,
  }),
  /** An isolate was made for this run, which begins now. */
  z.object({ kind: z.literal('loaded'), id: z.number() }),
  /** What came of `ahead`: idle isolates of that version. */
  z.object({ kind: z.literal('idle'), idle }),
  /** A thread of this run cannot be ended, V8 has lost its isolate, or memory is not given back: the process must be replaced. */
  z.object({ kind: z.literal('lost'), id: z.number() }),
  /** Bytes that the process takes, where the system does not tell. */
  z.object({ kind: z.literal('memory'), bytes: z.number() }),
]);

export type FromChild = z.infer<typeof message>;

const mostBody: Partial<Record<FromChild['kind'], number>> = { call: limits.mostArgument, ended: limits.mostOutput };

/**
 * What a child says, checked: one whose code has broken out may say anything. `call` comes with the argument, `ended` with
 * the output.
 *
 * @throws Error for what no child of ours says
 */
export function readFromChild(received: unknown, body: string): FromChild {
  const read = message.parse(received);
  if (body.length > (mostBody[read.kind] ?? 0)) throw new Error(`too long a text with '${read.kind}'`);
  return read;
}
