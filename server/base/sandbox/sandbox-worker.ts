// The process that runs isolates: told by messages what to run, it tells how it ended.
import { Socket } from 'node:net';
import { openFrames } from './frames.ts';
import type { FromChild } from './from-child.ts';
import { type Compiled, createPlace, NotLoaded, type Place, tooMuchCpu, tooMuchMemory } from './isolate.ts';
import * as limits from './limits.ts';
import type { ProgramFile, ToChild } from './messages.ts';
import { leftBehindMs } from './slow-jobs.ts';

type Program = {
  readonly files: readonly ProgramFile[];
  readonly compiled: Compiled;
  /** The longest unused first, before them one that was made ahead. */
  idle: { readonly place: Place; readonly since: number }[];
  /** Those whose run has ended, and that are looked at before the next; a run that came may wait for one. */
  settling: Settling[];
  forgotten: boolean;
  /** None is made ahead: the last one that was did not come to its end. */
  failedAhead: boolean;
};

type Settling = { taken?: (place: Place | undefined) => void };

const watchMs = 50;
// To take much memory takes time.
const blamedMs = 100;
const keptIdle = 4;
const idleMs = 2000;
const mostCreating = 2;
const aheadMs = 5000;
// Nothing that code may ask for takes so long.
const mostLeftMs = 5000;
// Before it takes so much that a run is blamed for it.
const mostFilled = 0.85 * limits.childMemoryMb * 2 ** 20;

const programs = new Map<string, Program>();
const running = new Map<number, Place>();
/** Runs that wait for an isolate. */
const waiting: (() => void)[] = [];
let places = 0;
let creating = 0;
let isCompacting = false;
let isHaunted = false;
let lastCompiled: Compiled = new Map();

const parent = new Socket({ fd: 3 });
const { say } = openFrames<FromChild, ToChild>(parent, (message, body) => hear(message, body), limits.mostFrame);

async function run({ id, version, deadlineMs }: Extract<ToChild, { kind: 'run' }>, input: string): Promise<void> {
  const started = performance.now();
  const program = programs.get(version);
  if (!program) throw new Error(`the program ${version} is not known here`);
  const left = () => deadlineMs - (performance.now() - started);
  let place: Place;
  try {
    place = await placeOf(program, id, left);
  } catch (error) {
    const message = String(error).slice(0, limits.mostMessage);
    const failure = error instanceof NotLoaded ? error.failure : { kind: 'error' as const, message };
    say({ kind: 'ended', id, failure, console: [], idle: 0, cpuMs: 0 });
    return;
  }
  running.set(id, place);
  const ended = await place.run(input, left(), (call, name, argument, checkpoint) =>
    say({ kind: 'call', id, call, name, checkpoint }, argument),
  );
  running.delete(id);
  const { output, ...told } = ended;
  const isOver = ended.failure === undefined;
  say({ kind: 'ended', id, ...told, idle: program.idle.length + program.settling.length + Number(isOver) }, output);
  if (isOver) await settle(program, place, id);
  else await drop(place, id);
  wake();
}

async function settle(program: Program, place: Place, id: number): Promise<void> {
  const own: Settling = {};
  program.settling.push(own);
  const isGood = (await place.settle()) && !program.forgotten;
  program.settling = program.settling.filter((other) => other !== own);
  if (!isGood) await drop(place, id);
  if (own.taken) own.taken(isGood ? place : undefined);
  else if (isGood) program.idle.push({ place, since: performance.now() });
}

/**
 * An isolate for the next run. To wait for one that is nearly ready is sooner done than to make one, and many that are
 * made at once are ready when their runs are late.
 *
 * @throws NotLoaded as `createPlace`, or when there is none within the time that is left
 */
async function placeOf(program: Program, id: number, left: () => number): Promise<Place> {
  while (left() > 0) {
    const place = program.idle.pop()?.place ?? (await takeSettling(program));
    if (place) return place;
    const isFull = running.size > 0 && process.memoryUsage.rss() > mostFilled;
    if (creating < mostCreating && !isFull) return create(program, id, left());
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    const alarm = setTimeout(resolve, left());
    await promise;
    clearTimeout(alarm);
  }
  throw new NotLoaded({ kind: 'deadline', message: '' });
}

async function takeSettling({ settling }: Program): Promise<Place | undefined> {
  const own = settling.shift();
  return own && new Promise((resolve) => Object.assign(own, { taken: resolve }));
}

/** A place is free, or there is room for one. */
function wake(): void {
  for (const go of waiting.splice(0)) go();
}

async function create({ files, compiled }: Program, id: number, deadlineMs: number): Promise<Place> {
  creating += 1;
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
  } finally {
    creating -= 1;
    wake();
  }
}

async function makeAhead(version: string): Promise<void> {
  const program = programs.get(version);
  const isFree = creating < mostCreating && waiting.length === 0 && places < limits.mostPlaces;
  if (program && isFree && !program.failedAhead) {
    const place = await create(program, 0, aheadMs).catch(() => undefined);
    program.failedAhead = place === undefined;
    if (place && program.forgotten) await drop(place);
    else if (place) program.idle.unshift({ place, since: performance.now() });
    wake();
  }
  say({ kind: 'idle', idle: program?.idle.length ?? 0 });
}

/** One after the other: it takes processor time. */
async function compactAll(): Promise<void> {
  if (isCompacting) return;
  isCompacting = true;
  const now = performance.now();
  for (const place of running.values()) if (place.isSlack(now)) await place.compact();
  isCompacting = false;
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
  for (const place of running.values()) {
    // Its thread may still be held: what it takes then is nobody else's.
    if (place.isGone()) place.stop(tooMuchMemory);
    else place.endLate(now);
  }
  const busy = [...running.values()].filter((place) => place.isBusy());
  // While code runs V8 tells how long, not how much of a core it had; those that run share what there was.
  const share = (user + system) / 1000 / busy.length;
  const spent = busy.map((place) => ({ place, ms: place.spend(share) })).sort((one, other) => other.ms - one.ms);
  for (const { place, ms } of spent) if (ms > limits.cpuMs) place.stop(tooMuchCpu);
  if (!isHaunted && leftBehindMs() > mostLeftMs) {
    isHaunted = true;
    say({ kind: 'lost', id: 0 });
  }
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

/** What was compiled for the version that came last: most of the next one are the same files. */
function compiledBefore(files: readonly ProgramFile[]): Compiled {
  const before = lastCompiled;
  lastCompiled = new Map();
  for (const { source } of files) {
    const compiled = before.get(source);
    if (compiled) lastCompiled.set(source, compiled);
  }
  return lastCompiled;
}

function hear(message: ToChild, body: string): void {
  if (message.kind === 'program') {
    programs.set(message.version, {
      files: message.files,
      compiled: compiledBefore(message.files),
      idle: [],
      settling: [],
      forgotten: false,
      failedAhead: false,
    });
  } else if (message.kind === 'forget') {
    const program = programs.get(message.version);
    programs.delete(message.version);
    if (!program) return;
    program.forgotten = true;
    for (const { place } of program.idle.splice(0)) void drop(place);
  } else if (message.kind === 'trim') void dropIdle(() => true);
  else if (message.kind === 'ask') say({ kind: 'here' });
  else if (message.kind === 'compact') void compactAll();
  else if (message.kind === 'ahead') void makeAhead(message.version);
  else if (message.kind === 'run') void run(message, body);
  else running.get(message.id)?.answer(message, body);
}
parent.on('close', () => process.exit());
say({ kind: 'started' });
