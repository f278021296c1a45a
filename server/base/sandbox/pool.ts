import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { isProblem, Problem } from '../errors.ts';
import { foreignJson } from '../json.ts';
import { type Heard, startChild } from './child-process.ts';
import type { FromChild } from './from-child.ts';
import * as limits from './limits.ts';
import type { Ended, RunFailure } from './messages.ts';
import { childBytes, createRoom, fewRuns, mostOfChild } from './pool-memory.ts';
import { lateText, loadOf, placesOf, type Work, type Worker, withLikelyCause } from './pool-work.ts';
import type { Run } from './run.ts';

// A run that is late is ended by the child's own watch; this is for a child that answers nothing any more.
const graceMs = 250;
const unheardMs = 1000;
// A thread that cannot be ended is told of within this time, and then its process gets nothing new.
const hauntedMs = 2000;
const mostWaiting = 1000;
const tickMs = 100;
const emptyMs = 20_000;
const heavyBytes = 256 * 2 ** 20;
const mostOfLeaving = 1.25 * limits.childMemoryMb * 2 ** 20;
const restMs = 1000;
const versionMs = 60_000;
// A process that runs something is asked so often whether it is there.
const mostUnheard = 30;
// A thread that V8 has given up may hold what other isolates need.
const lostMs = 500;
// From so many runs at once on, another child shares them while there are cores for it.
const shareFrom = 4;
const mostLoading = 2 * availableParallelism();

/** Runs go to children with a place; a child that dies is replaced by one that is started already. */
export function openPool({ log, memoryMb }: { log: Logger; memoryMb: number }) {
  const workers = new Set<Worker>();
  const works = new Map<number, Work>();
  /** Runs that wait for their isolate to be made. */
  const loading = new Set<Work>();
  const names = new Map<string, string>();
  const lastRun = new Map<string, number>();
  let queue: Work[] = [];
  let next = 1;
  let closed = false;
  const room = createRoom({ workers, loading, memoryMb });
  let ticker: NodeJS.Timeout | undefined;

  function start(): Worker {
    const { promise, resolve } = Promise.withResolvers<void>();
    const worker: Worker = {
      child: startChild(
        (message, body) => hear(worker, message, body),
        (code, signal) => died(worker, code, signal),
      ),
      works: new Map(),
      warm: new Map(),
      overdue: new Map(),
      ended: promise,
      end: resolve,
      emptySince: performance.now(),
      unneededSince: performance.now(),
      forcedAt: Number.NEGATIVE_INFINITY,
      unheard: 0,
    };
    workers.add(worker);
    room.reserve(childBytes);
    return worker;
  }

  /** While anything runs one child more stands ready, to be there at once when another dies. */
  function keepSpare(): void {
    if (closed || works.size === 0) return;
    const spare = [...workers].find(({ works: own, child }) => own.size === 0 && !child.leaving);
    if (spare) spare.unneededSince = performance.now();
    else if (workers.size === 0 || room.has(childBytes)) start();
  }

  function choose(work: Work): Worker | undefined {
    const able = [...workers].filter(({ child, works: own }) => !child.leaving && own.size < limits.mostPlaces);
    const empty = able.filter(({ works: own }) => own.size === 0);
    const [spare = workers.size === 0 ? start() : undefined] = empty.sort(
      (one, other) => Number(other.child.started) - Number(one.child.started),
    );
    if (work.apart) return spare;
    // Isolates are made a few at a time, so that those that are waited for do not slow down all the others.
    const isCold = loading.size >= mostLoading;
    const busy = able.filter(({ works: own }) => own.size > 0 && ![...own.values()].some(({ apart }) => apart));
    const isWarm = ({ warm }: Worker) => (warm.get(work.run.program.version) ?? 0) > 0;
    const [least] = busy.sort((one, other) => loadOf(one) - loadOf(other));
    const warmest = busy.find(isWarm) ?? (spare && isWarm(spare) ? spare : undefined);
    const share = least && loadOf(least) >= shareFrom && busy.length < availableParallelism();
    const best = share || !least ? (spare ?? least) : least;
    if (!best) return undefined;
    if (warmest && loadOf(warmest) < loadOf(best) + shareFrom) return warmest;
    if (isWarm(best)) return best;
    if (isCold) return warmest;
    return [best, ...busy, spare].find((one) => one && room.hasPlace(one, work.run.program.version)) ?? warmest;
  }

  function send(work: Work, worker: Worker): void {
    const { program, deadlineMs } = work.run;
    const { child, warm } = worker;
    const left = deadlineMs - (performance.now() - work.since);
    const idle = warm.get(program.version) ?? 0;
    if (idle > 0) warm.set(program.version, idle - 1);
    else {
      loading.add(work);
      room.reserveIsolate();
    }
    work.worker = worker;
    worker.works.set(work.id, work);
    child.teach(program.version, program.files);
    child.say({ kind: 'run', id: work.id, version: program.version, deadlineMs: Math.max(left, 1) }, work.input);
  }

  function drain(): void {
    if (closed) return;
    // For these nothing is free now: those behind them need not be tried.
    const stuck = new Set<string>();
    queue = queue.filter((work) => {
      const { version } = work.run.program;
      const worker = stuck.has(version) && !work.apart ? undefined : choose(work);
      if (worker) send(work, worker);
      else stuck.add(version);
      return !worker;
    });
    keepSpare();
  }

  function finish(work: Work, ended: Omit<Ended, 'wallMs'> & ({ output: unknown } | { failure: RunFailure })): void {
    if (!works.delete(work.id)) return;
    loading.delete(work);
    work.calls?.abort.abort();
    const { worker } = work;
    worker?.works.delete(work.id);
    if (worker?.works.size === 0) worker.emptySince = worker.unneededSince = performance.now();
    if (worker?.child.leaving && worker.works.size === 0) worker.child.kill();
    work.end(withLikelyCause({ ...ended, wallMs: performance.now() - work.since }, work));
  }

  function fail(work: Work, kind: RunFailure['kind'], message: string): void {
    const checkpoint = work.checkpoint === undefined ? {} : { checkpoint: foreignJson(work.checkpoint) };
    finish(work, { failure: { kind, message }, console: [], cpuMs: 0, ...checkpoint });
  }

  function late(work: Work): void {
    const { worker } = work;
    if (!worker) {
      queue = queue.filter((other) => other !== work);
      fail(work, 'busy', 'No place to run the code was free in time.');
      return;
    }
    const kill = setTimeout(() => worker.child.kill(), unheardMs).unref();
    worker.overdue.set(work.id, kill);
    worker.forcedAt = performance.now();
    fail(work, 'deadline', lateText(work));
  }

  async function answer(work: Work, { id, call, name }: Extract<FromChild, { kind: 'call' }>, argument: string) {
    const { worker, run } = work;
    work.calls ??= { key: randomUUID(), abort: new AbortController(), count: 0, open: 0 };
    const { calls } = work;
    calls.count += 1;
    // The code is told so inside: who gets here has broken out.
    if (calls.count > limits.mostCalls) return worker?.child.kill();
    calls.open += 1;
    try {
      const sent = foreignJson(argument);
      if (sent === undefined) throw new Problem('invalid_body', 'What is sent to a call must be JSON.');
      const told = { key: `${calls.key}.${call}`, signal: calls.abort.signal, characters: argument.length };
      const value = await run.host(name, sent, told);
      worker?.child.say({ kind: 'answer', id, call }, JSON.stringify(value ?? null));
    } catch (error) {
      const refusal = isProblem(error) ? error : undefined;
      // A fault may speak of what is none of the code's business.
      if (!refusal && !calls.abort.signal.aborted)
        log.error({ err: error, call: name.slice(0, 100) }, 'a call of rules failed');
      const message = refusal?.message ?? 'The server could not do this.';
      worker?.child.say({ kind: 'refusal', id, call, message, code: refusal?.code });
    } finally {
      calls.open -= 1;
    }
  }

  function hear(worker: Worker, message: Heard, body: string): void {
    worker.unheard = 0;
    if (message.kind === 'here') return;
    if (message.kind === 'started') {
      worker.child.started = true;
      return;
    }
    if (message.kind === 'idle') {
      const { ahead } = worker;
      worker.ahead = undefined;
      if (ahead === undefined || !lastRun.has(ahead)) return;
      worker.warm.set(ahead, message.idle);
      drain();
      return;
    }
    const work = worker.works.get(message.id);
    if (message.kind === 'lost') {
      worker.child.leaving = true;
      worker.lostAt ??= performance.now();
      if (work) fail(work, 'memory', `The code wanted more than ${limits.memoryMb} MB of memory.`);
      else if (worker.works.size === 0) worker.child.kill();
      drain();
      return;
    }
    if (message.kind === 'ended') {
      clearTimeout(worker.overdue.get(message.id));
      worker.overdue.delete(message.id);
    }
    if (!work) return;
    loading.delete(work);
    if (message.kind === 'loaded') {
      drain();
      return;
    }
    if (message.kind === 'call') {
      work.checkpoint = message.checkpoint ?? work.checkpoint;
      void answer(work, message, body);
      return;
    }
    const { failure, checkpoint, console, cpuMs, idle } = message;
    worker.warm.set(work.run.program.version, idle);
    if (failure && failure.kind !== 'error' && failure.kind !== 'output') worker.forcedAt = performance.now();
    const told = { console, cpuMs, ...(checkpoint === undefined ? {} : { checkpoint: foreignJson(checkpoint) }) };
    const value = failure ? undefined : foreignJson(body);
    if (value !== undefined) finish(work, { ...told, output: value });
    else if (failure?.kind === 'deadline')
      finish(work, { ...told, failure: { ...failure, message: failure.message || lateText(work) } });
    else finish(work, { ...told, failure: failure ?? { kind: 'output', message: 'The output is no JSON.' } });
    drain();
  }

  function died(worker: Worker, code: number | null, signal: NodeJS.Signals | null): void {
    workers.delete(worker);
    worker.end();
    for (const timer of worker.overdue.values()) clearTimeout(timer);
    if (worker.works.size > 0)
      log.warn({ code, signal, runs: worker.works.size }, 'a process that runs rules has ended');
    // Ended from outside, it was probably no run's doing.
    const isFromOutside = signal === 'SIGKILL' || signal === 'SIGTERM';
    // As little as that of one whose predecessor's thread could not be ended.
    const isHaunted = performance.now() - worker.forcedAt < hauntedMs;
    const isGuilty = worker.works.size === 1 && !isFromOutside && !isHaunted;
    for (const work of worker.works.values()) {
      work.worker = undefined;
      loading.delete(work);
      if (work.calls || work.apart || isGuilty || closed)
        fail(work, 'crash', 'The process that ran the code has ended.');
      else queue.push(Object.assign(work, { apart: work.again || !isFromOutside, again: true }));
    }
    drain();
  }

  /** Those of a process that is lost, and that called nobody, are run elsewhere: it may never come to them. */
  function moveOn(worker: Worker): void {
    for (const work of worker.works.values()) {
      if (work.calls || work.again) continue;
      worker.works.delete(work.id);
      loading.delete(work);
      work.worker = undefined;
      queue.push(Object.assign(work, { again: true }));
    }
    if (worker.works.size === 0) worker.child.kill();
  }

  /** Counted, not timed: it may be this process that stood still. */
  function askWhetherHere(worker: Worker): void {
    worker.unheard += 1;
    worker.child.say({ kind: 'ask' });
    if (worker.unheard > mostUnheard) worker.child.kill();
  }

  function tick(): void {
    const now = performance.now();
    for (const [version, at] of lastRun) if (now - at > versionMs) forget(version);
    const limit = memoryMb * 2 ** 20;
    if (room.taken() > limit || isStarved(now)) for (const worker of workers) trim(worker);
    if (room.taken() > limit * 1.25) {
      const [largest] = [...workers].sort((one, other) => other.child.memory() - one.child.memory());
      largest?.child.kill();
    }
    // A thread in it cannot be ended, and goes on taking.
    for (const { child } of workers) if (child.leaving && child.memory() > mostOfLeaving) child.kill();
    // What isolates leave is used again by the next ones, but not given back before the process ends.
    const isShort = room.taken() > limit * 0.9;
    for (const { child, works: own, emptySince } of workers) {
      // Where runs wait for memory an empty process is to have none that is left over.
      const mostBytes = queue.length > 0 && own.size === 0 ? 2 * childBytes : heavyBytes;
      const bytes = child.memory();
      if (bytes < mostBytes) continue;
      // Not between two runs: the next would find nothing warm.
      if (own.size === 0) {
        if (bytes > mostOfChild || now - emptySince > restMs) child.kill();
      } else if ((bytes > mostOfChild || isShort) && own.size < fewRuns) child.leaving = true;
    }
    for (const worker of workers) {
      if (worker.lostAt !== undefined && now - worker.lostAt > lostMs) moveOn(worker);
      if (worker.works.size > 0 && worker.child.started) askWhetherHere(worker);
      if (room.isShort(worker)) worker.child.say({ kind: 'compact' });
      if (queue.length === 0) makeAhead(worker);
    }
    // A child beyond one goes when nothing came for it, nor was anything run beside it: it was the spare one then.
    const empty = [...workers].filter(({ works: own }) => own.size === 0);
    for (const { child, unneededSince } of empty.slice(1)) if (now - unneededSince > emptyMs) child.kill();
    drain();
  }

  /** Does a program that has few runs wait for memory, so that what others keep for their next runs is in its way? */
  function isStarved(now: number): boolean {
    if (!room.isFull()) return false;
    return queue.some(({ since, run }) => now - since > tickMs && room.runsOf(run.program.version) < fewRuns);
  }

  function trim({ child, warm }: Worker): void {
    warm.clear();
    child.say({ kind: 'trim' });
  }

  /** Who comes while all isolates of their program wait finds one that is made already. */
  function makeAhead(worker: Worker): void {
    const { child, works: own, warm } = worker;
    if (child.leaving || worker.ahead !== undefined || loading.size > 0) return;
    if (placesOf(worker) >= limits.mostPlaces) return;
    for (const { run } of own.values()) {
      const { version } = run.program;
      if (!lastRun.has(version) || (warm.get(version) ?? 0) > 0 || !room.hasSpare(worker)) continue;
      worker.ahead = version;
      room.reserveIsolate();
      child.say({ kind: 'ahead', version });
      return;
    }
  }

  function forget(version: string): void {
    lastRun.delete(version);
    for (const { child, warm } of workers) {
      warm.delete(version);
      child.forget(version);
    }
  }

  return {
    run(run: Run): Promise<Ended> {
      const { name, version } = run.program;
      const before = name === undefined ? undefined : names.get(name);
      if (before !== undefined && before !== version) forget(before);
      if (name !== undefined) names.set(name, version);
      lastRun.set(version, performance.now());
      ticker ??= setInterval(tick, tickMs).unref();
      const { promise, resolve } = Promise.withResolvers<Ended>();
      const work: Work = {
        run,
        id: next++,
        input: JSON.stringify(run.input ?? null),
        since: performance.now(),
        end: (ended) => {
          clearTimeout(timer);
          resolve(ended);
        },
        again: false,
        apart: false,
      };
      let timer = setTimeout(() => {
        if (work.worker) timer = setTimeout(() => late(work), graceMs);
        else late(work);
      }, run.deadlineMs);
      works.set(work.id, work);
      if (closed || queue.length >= mostWaiting) fail(work, 'busy', 'Too many runs wait for a place already.');
      else {
        queue.push(work);
        drain();
      }
      return promise;
    },
    work: () => ({
      running: works.size - queue.length,
      waiting: queue.length,
      processes: [...workers].map(({ child }) => child.pid),
      memory: room.taken(),
    }),
    async close() {
      closed = true;
      clearInterval(ticker);
      for (const work of works.values()) fail(work, 'crash', 'The server is stopping.');
      for (const { child } of workers) child.kill();
      await Promise.all([...workers].map(({ ended }) => ended));
    },
  };
}
