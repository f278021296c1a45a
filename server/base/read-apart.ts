import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Problem } from './errors.ts';

/** What is said of code that `readApart` does not come to the end of. */
export const hardToRead = 'It takes too long to be read: make it simpler, above all its regular expressions';

const deadlineMs = 2000;
// Where somebody signs in it was read in time once: then the machine is what is slow.
const signInDeadlineMs = 10_000;
const startMs = 15_000;
const idleMs = 60_000;
const mostWaiting = 30;
const lookMs = 50;
const mostMemory = 512 * 2 ** 20;
const pageBytes = 4096;
const root = fileURLToPath(new URL('../../', import.meta.url));
const flags = [
  '--permission',
  ...['server', 'contract', 'node_modules', 'package.json'].map((path) => `--allow-fs-read=${root}${path}`),
  '--max-old-space-size=256',
];

const heard = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun') }),
  z.object({ kind: z.literal('done'), answer: z.unknown() }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

/** `tooMuch`: its end was not waited for. */
type Outcome = { readonly answer: unknown } | { readonly tooMuch: true };

type Job = PromiseWithResolvers<Outcome> & {
  readonly question: { readonly reader: string; readonly name: string; readonly values: readonly unknown[] };
  readonly deadlineMs: number;
};

// For sign-ins, which come first, and for all others.
const [first, others]: [Job[], Job[]] = [[], []];
let child: ChildProcess | undefined;
/** What the child does now, and how it is told that it is over. */
let current: { readonly job: Job; stop(): void; begun: boolean } | undefined;
let idle: NodeJS.Timeout | undefined;

/**
 * Calls a function that compiles or parses code of the umbrella in a process of its own, one at a time: V8 may take minutes
 * and gigabytes for 100 kB, and nothing ends a thread in which it does.
 *
 * @param reader the file that exports the function
 * @param name the function's; it is not async
 * @param values its arguments, and `schema` what it returns: plain values
 * @param isForSignIn comes before all that is not, is never refused, and may take longer
 * @returns undefined: it took too long or too much memory, and was given up (`hardToRead`)
 * @throws Problem `busy` when too many wait already, or the process does not begin
 */
export async function readApart<Answer>(
  schema: z.ZodType<Answer>,
  reader: URL,
  name: string,
  values: readonly unknown[],
  { isForSignIn = false }: { readonly isForSignIn?: boolean } = {},
): Promise<Answer | undefined> {
  if (!isForSignIn && others.length >= mostWaiting) throw busy();
  const job: Job = {
    ...Promise.withResolvers<Outcome>(),
    question: { reader: reader.href, name, values },
    deadlineMs: isForSignIn ? signInDeadlineMs : deadlineMs,
  };
  (isForSignIn ? first : others).push(job);
  next();
  const outcome = await job.promise;
  return 'tooMuch' in outcome ? undefined : schema.parse(outcome.answer);
}

function next(): void {
  if (current) return;
  const job = first.shift() ?? others.shift();
  clearTimeout(idle);
  if (!job) {
    // Memory that nobody uses is given back.
    idle = setTimeout(end, idleMs).unref();
    return;
  }
  child ??= begin();
  const timer = setTimeout(() => giveUp(() => job.reject(busy())), startMs);
  current = { job, stop: () => clearTimeout(timer), begun: false };
  child.send(job.question);
}

function begin(): ChildProcess {
  const begun = fork(fileURLToPath(new URL('./read-apart-worker.ts', import.meta.url)), {
    env: {},
    execArgv: flags,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // What waits for an answer has a timer, and holds the process by that.
  begun.unref();
  begun.channel?.unref();
  begun.on('message', (message) => begun === child && hear(heard.parse(message)));
  begun.on('error', () => begun.kill('SIGKILL'));
  begun.on('close', () => begun === child && giveUp(diedOn));
  // What it has in hand would go on without us.
  const kill = () => begun.kill('SIGKILL');
  process.once('exit', kill);
  begun.once('close', () => process.off('exit', kill));
  return begun;
}

function hear(message: z.infer<typeof heard>): void {
  if (!current) return;
  const { job } = current;
  if (message.kind === 'begun') {
    watch(job);
    return;
  }
  current.stop();
  current = undefined;
  if (message.kind === 'done') job.resolve({ answer: message.answer });
  else job.reject(new Error(message.message));
  next();
}

/** From now on it is the code that takes the time. */
function watch(job: Job): void {
  current?.stop();
  const tooMuch = () => giveUp(() => job.resolve({ tooMuch: true }));
  const timer = setTimeout(tooMuch, job.deadlineMs);
  const look = setInterval(() => memoryOf(child) > mostMemory && tooMuch(), lookMs);
  const stop = () => {
    clearTimeout(timer);
    clearInterval(look);
  };
  current = { job, stop, begun: true };
}

/** Ends the process; those that wait go to the next one. */
function giveUp(tell: () => void): void {
  end();
  current?.stop();
  tell();
  current = undefined;
  next();
}

/** Who comes next has a new one, also while this one is about to be gone. */
function end(): void {
  const gone = child;
  child = undefined;
  gone?.kill('SIGKILL');
}

/** V8 ends the process in which memory runs out. */
function diedOn(): void {
  if (current?.begun) current.job.resolve({ tooMuch: true });
  else current?.job.reject(new Error('The process that reads code of rules and actions does not start.'));
}

/** Bytes; 0 where this system does not tell. */
function memoryOf(process: ChildProcess | undefined): number {
  try {
    const [, resident] = readFileSync(`/proc/${process?.pid}/statm`, 'latin1').split(' ').map(Number);
    return (resident ?? 0) * pageBytes;
  } catch {
    return 0;
  }
}

function busy(): Problem {
  const sentence = 'Much code of rules and actions is being read right now. Please try again in a few seconds.';
  return new Problem('busy', sentence, { retry_after: 2 });
}
