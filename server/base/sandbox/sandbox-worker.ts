// The process that runs isolates: told by messages what to run, it tells how it ended.
import { Socket } from 'node:net';
import { openFrames } from './frames.ts';
import type { FromChild } from './from-child.ts';
import { type Compiled, createPlace, NotLoaded, type Place, tooMuchCpu, tooMuchMemory } from './isolate.ts';
import * as limits from './limits.ts';
import type { ProgramFile, ToChild } from './messages.ts';

type Program = {
  readonly files: readonly ProgramFile[];
  readonly compiled: Compiled;
  /** The longest unused first. */
  idle: { readonly place: Place; readonly since: number }[];
  forgotten: boolean;
};

const watchMs = 50;
// To take much memory takes time.
const blamedMs = 100;
const keptIdle = 4;
const idleMs = 2000;

const programs = new Map<string, Program>();
const running = new Map<number, Place>();
let places = 0;

const parent = new Socket({ fd: 3 });
const { say } = openFrames<FromChild, ToChild>(parent, (message, body) => hear(message, body), limits.mostFrame);

async function run({ id, version, deadlineMs }: Extract<ToChild, { kind: 'run' }>, input: string): Promise<void> {
  const started = performance.now();
  const program = programs.get(version);
  if (!program) throw new Error(`the program ${version} is not known here`);
  let place = program.idle.pop()?.place;
  try {
    place ??= await create(program, id, deadlineMs);
  } catch (error) {
    const message = String(error).slice(0, limits.mostMessage);
    const failure = error instanceof NotLoaded ? error.failure : { kind: 'error' as const, message };
    say({ kind: 'ended', id, failure, console: [], idle: 0, cpuMs: 0 });
    return;
  }
  running.set(id, place);
  const ended = await place.run(input, deadlineMs - (performance.now() - started), (call, name, argument, checkpoint) =>
    say({ kind: 'call', id, call, name, checkpoint }, argument),
  );
  running.delete(id);
  const { output, ...told } = ended;
  say({ kind: 'ended', id, ...told, idle: program.idle.length + Number(ended.failure === undefined) }, output);
  if (!ended.failure && (await place.settle()) && !program.forgotten) {
    program.idle.push({ place, since: performance.now() });
  } else await drop(place, id);
}

async function create({ files, compiled }: Program, id: number, deadlineMs: number): Promise<Place> {
  if (places >= limits.mostPlaces) await dropIdle(() => true, 1);
  places += 1;
  let place: Place | undefined;
  // By then another run may have it.
  const lost = () => say({ kind: 'lost', id: [...running].find(([, other]) => other === place)?.[0] ?? id });
  try {
    place = await createPlace({ files, compiled, deadlineMs, lost });
    say({ kind: 'loaded', id });
    return place;
  } catch (error) {
    places -= 1;
    throw error;
  }
}

async function drop(place: Place, id = 0): Promise<void> {
  if (await place.dispose()) places -= 1;
  else say({ kind: 'lost', id });
}

async function dropIdle(which: (since: number, kept: number) => boolean, most = Number.POSITIVE_INFINITY) {
  let left = most;
  for (const program of programs.values()) {
    for (let [oldest] = program.idle; oldest && left > 0; [oldest] = program.idle) {
      if (!which(oldest.since, program.idle.length)) break;
      program.idle.shift();
      left -= 1;
      await drop(oldest.place);
    }
  }
}

// Where the system does not tell.
if (process.platform !== 'linux') {
  setInterval(() => say({ kind: 'memory', bytes: process.memoryUsage.rss() }), 100).unref();
}
let mostMemory = limits.childMemoryMb * 2 ** 20;
let cpuBefore = process.cpuUsage();
setInterval(() => {
  const { user, system } = process.cpuUsage(cpuBefore);
  cpuBefore = process.cpuUsage();
  const now = performance.now();
  for (const place of running.values()) place.endLate(now);
  const busy = [...running.values()].filter((place) => place.isBusy());
  // While code runs V8 tells how long, not how much of a core it had; those that run share what there was.
  const share = (user + system) / 1000 / busy.length;
  const spent = busy.map((place) => ({ place, ms: place.spend(share) })).sort((one, other) => other.ms - one.ms);
  for (const { place, ms } of spent) if (ms > limits.cpuMs) place.stop(tooMuchCpu);
  const taken = process.memoryUsage.rss();
  if (taken > mostMemory) {
    // It is not given back when the isolate is gone: others must not be blamed for it, but the process is replaced.
    mostMemory = taken + limits.memoryMb * 4 * 2 ** 20;
    const [first] = spent;
    if (first && first.ms > blamedMs) first.place.stop(tooMuchMemory);
    say({ kind: 'lost', id: 0 });
  }
}, watchMs).unref();
setInterval(() => {
  const now = performance.now();
  void dropIdle((since, kept) => kept > keptIdle && now - since > idleMs);
}, idleMs / 4).unref();

function hear(message: ToChild, body: string): void {
  if (message.kind === 'program') {
    programs.set(message.version, { files: message.files, compiled: new Map(), idle: [], forgotten: false });
  } else if (message.kind === 'forget') {
    const program = programs.get(message.version);
    programs.delete(message.version);
    if (!program) return;
    program.forgotten = true;
    for (const { place } of program.idle) void drop(place);
  } else if (message.kind === 'trim') void dropIdle(() => true);
  else if (message.kind === 'run') void run(message, body);
  else running.get(message.id)?.answer(message, body);
}
parent.on('close', () => process.exit());
say({ kind: 'started' });
