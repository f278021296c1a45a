// The process that runs isolates: told by messages what to run, it tells how it ended.
import { type Compiled, createPlace, type Place } from './isolate.ts';
import * as limits from './limits.ts';
import type { FromChild, ProgramFile, ToChild } from './messages.ts';

type Program = {
  readonly files: readonly ProgramFile[];
  readonly compiled: Compiled;
  idle: { readonly place: Place; readonly since: number }[];
  forgotten: boolean;
};

const keptIdle = 4;
const idleMs = 2000;

const programs = new Map<string, Program>();
const running = new Map<number, Place>();
let places = 0;

function say(message: FromChild): void {
  process.send?.(message);
}

async function run({ id, version, input, deadlineMs }: Extract<ToChild, { kind: 'run' }>): Promise<void> {
  const started = performance.now();
  const wallMs = () => performance.now() - started;
  const program = programs.get(version);
  let place: Place;
  try {
    if (!program) throw new Error(`The program ${version} is not known here.`);
    place = program.idle.pop()?.place ?? (await create(program, id, deadlineMs));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    say({ kind: 'ended', id, failure: { kind: 'error', message, stack }, console: [], wallMs: wallMs(), cpuMs: 0 });
    return;
  }
  running.set(id, place);
  const ended = await place.run(input, deadlineMs - wallMs(), (call, name, argument, checkpoint) =>
    say({ kind: 'call', id, call, name, argument, checkpoint }),
  );
  running.delete(id);
  say({ kind: 'ended', id, ...ended, wallMs: wallMs() });
  if (!('failure' in ended) && (await place.settle()) && !program.forgotten) {
    program.idle.push({ place, since: performance.now() });
  } else await drop(place, id);
}

async function create({ files, compiled }: Program, id: number, deadlineMs: number): Promise<Place> {
  if (places >= limits.mostPlaces) await dropIdle(() => true, 1);
  places += 1;
  try {
    return await createPlace({ files, compiled, deadlineMs, lost: () => say({ kind: 'lost', id }) });
  } catch (error) {
    places -= 1;
    throw error;
  }
}

async function drop(place: Place, id = 0): Promise<void> {
  if (await place.dispose()) places -= 1;
  else say({ kind: 'lost', id });
}

/** Drops idle places, the longest unused first. */
async function dropIdle(which: (program: Program, since: number, kept: number) => boolean, most = Infinity) {
  let dropped = 0;
  for (const program of programs.values()) {
    while (dropped < most) {
      const [oldest] = program.idle;
      if (!oldest || !which(program, oldest.since, program.idle.length)) break;
      program.idle.shift();
      dropped += 1;
      await drop(oldest.place);
    }
  }
}

setInterval(() => {
  for (const place of running.values()) {
    if (place.cpuMs() <= limits.cpuMs) continue;
    place.stop({ kind: 'cpu', message: `The code used more than ${limits.cpuMs} ms of processor time.` });
  }
}, 50).unref();
setInterval(() => {
  const now = performance.now();
  void dropIdle((_, since, kept) => kept > keptIdle && now - since > idleMs);
}, 500).unref();

process.on('message', (message: ToChild) => {
  if (message.kind === 'program') {
    programs.set(message.version, { files: message.files, compiled: new Map(), idle: [], forgotten: false });
  } else if (message.kind === 'forget') {
    const program = programs.get(message.version);
    programs.delete(message.version);
    if (!program) return;
    program.forgotten = true;
    for (const { place } of program.idle) void drop(place);
  } else if (message.kind === 'trim') void dropIdle(() => true);
  else if (message.kind === 'run') void run(message);
  else running.get(message.id)?.answer(message);
});
process.on('disconnect', () => process.exit());
say({ kind: 'started' });
