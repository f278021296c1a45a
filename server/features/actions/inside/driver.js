// Runs inside the sandbox, after the world and `api.js`, `redirect.js`: calls the actions of one trigger, one after the
// other, and tells what they asked for. Nothing here is trusted by the server: what comes out is checked there.
'use strict';
(() => {
  const { inside, makeApi, sources, execute, resume } = globalThis.$actions;
  delete globalThis.$actions;
  const { parse, stringify } = JSON;
  const { now } = Date;
  const { hasOwn } = Object;
  const { require, setTimeout, clearTimeout } = globalThis;
  const compile = globalThis.eval;
  const wait = Promise.race.bind(Promise);
  const modules = [];
  const world = globalThis.console;
  const { apply } = Reflect;
  const { indexOf, slice } = String.prototype;
  const whole = Number.parseInt;
  // As stacks name them: V8 takes no name with spaces.
  const files = sources.map(({ name }) => `${name.replace(/[\s'"]/g, '-')}.js`);
  let running = 0;
  let marked;
  /** Before the lines of another action stands its place. */
  function mark(place = running) {
    if (marked !== place) inside.mark(place);
    marked = place;
  }
  globalThis.console = Object.fromEntries(
    Object.entries(world).map(([name, print]) => [
      name,
      typeof print !== 'function'
        ? print
        : (...given) => {
            mark();
            return apply(print, world, given);
          },
    ]),
  );
  // An error that nobody caught, such as in a timer, is that of the action that began it; unless it had ended.
  let fail;
  inside.onUncaught((error, first, last) => {
    if (fail !== undefined && first === last && first === running) return fail(error);
    const who = first === last && first !== undefined ? 'This action' : 'This action, or one before it,';
    tell(`${who} left an error that nobody caught, which changes nothing: ${describe(error).message}`, last);
  });

  // Told when the last action is over: a request that was begun then is not gone on with.
  let dropped = [];
  inside.onDropped((call, place) => {
    if (call !== 'http' || dropped.includes(place)) return;
    dropped.push(place);
    tell('It ended before a request was answered, which may not even have been sent: requests must be awaited.', place);
  });

  /** CommonJS: the code runs once in this isolate, and again only if it failed. */
  function load(place) {
    if (modules[place]) return modules[place];
    const { code, versions } = sources[place];
    const own = (wanted) => require(hasOwn(versions, wanted) ? `${wanted}@${versions[wanted]}` : wanted);
    const module = { exports: {} };
    const file = files[place];
    const source = `(function (exports, require, module, __filename, __dirname) {${code}\n})\n//# sourceURL=${file}`;
    compile(source).call(module.exports, module.exports, own, module, file, '.');
    modules[place] = module.exports;
    return module.exports;
  }

  function late(ms) {
    let timer;
    const promise = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The action was not done within ${ms} ms.`)), ms);
    });
    return { promise, end: () => clearTimeout(timer) };
  }

  /** Is it gone on with? One that was replaced meanwhile is only where the new version can be; else it begins. */
  function goesOn(place, resumes) {
    if (resumes !== 'replaced') return resumes === 'same';
    try {
      return typeof load(place)?.[resume] === 'function';
    } catch {
      return true; // told when it is run
    }
  }

  async function runOne(place, continues, api, event, deadlineMs) {
    const exported = load(place);
    const handler = exported?.[continues ? resume : execute];
    if (typeof handler !== 'function') {
      if (continues) return;
      throw new Error(`The action exports no ${execute}.`);
    }
    const broken = new Promise((_, reject) => {
      fail = reject;
    });
    const limit = deadlineMs === undefined ? undefined : late(deadlineMs);
    try {
      const work = handler(event, api);
      await wait([work, broken, ...(limit ? [limit.promise] : [])]);
    } finally {
      fail = undefined;
      limit?.end();
    }
  }

  /** `fetch failed` tells nothing of why. What code has taken to be a cause may be anything. */
  function withCause(message, { cause }) {
    const why = typeof cause === 'object' && cause !== null ? String(cause.message ?? '').slice(0, 500) : '';
    return why === '' || message.includes(why) ? message : `${message} (${why})`;
  }

  /** The line of this action that stands first in a stack, from 1 on. */
  function lineOf(thrown, place) {
    try {
      const stack = String(thrown.stack);
      const from = apply(indexOf, stack, [`(${files[place]}:`]);
      const behind = from + files[place].length + 2;
      return from < 0 ? undefined : whole(apply(slice, stack, [behind]), 10) || undefined;
    } catch {
      return undefined;
    }
  }

  function describe(thrown) {
    try {
      if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
        const told = { name: String(thrown.name ?? 'Error').slice(0, 100), message: String(thrown.message).slice(0, 1000) };
        try {
          return { ...told, message: withCause(told.message, thrown) };
        } catch {
          return told;
        }
      }
      return { name: 'Error', message: String(thrown).slice(0, 1000) };
    } catch {
      return { name: 'Error', message: 'Something that cannot be shown was thrown.' };
    }
  }

  function tell(line, place) {
    mark(place);
    world.warn(line);
  }

  globalThis.main = async (text) => {
    // What the run before has left to be done later is nobody's any more.
    inside.reset();
    const input = parse(text);
    const { actions, from } = input;
    const runs = [];
    let done = { commands: input.commands, live: input.live };
    let stopped;
    let at = from;
    marked = from;
    dropped = [];
    for (; at < actions.length && stopped === undefined; at++) {
      const { id, name, secrets, onFailure, deadlineMs, ran, resumes } = actions[at];
      if (ran) continue;
      running = at;
      inside.own(at);
      const startedAt = now();
      // As text: by the end the action may have changed how objects are told.
      const told = stringify({ next: at, runs, startedAt, ...done });
      inside.checkpoint(told, deadlineMs);
      const continues = goesOn(at, resumes);
      const refuses = (refusal) => {
        const refused = { __proto__: null, ...refusal, at };
        inside.checkpoint(stringify({ __proto__: null, begun: told, stopped: refused }), deadlineMs);
        // The checkpoint may be too large, and is told only if this process still answers; the server knows this at once.
        inside.call('refused', refused);
      };
      // Each action has an event and an `api` of its own: what one changes in them, no other sees.
      // Who runs by then is not to fail for it.
      const tooLate = (path) => tell(`api.${path} was called after its action (${name}) had ended, and did nothing.`);
      const given = { input: parse(text), done: parse(stringify(done)), secrets, continues, refuses, tell, tooLate };
      const { event, api, end } = makeApi(given);
      let error;
      try {
        await runOne(at, continues, api, event, deadlineMs);
      } catch (thrown) {
        error = { __proto__: null, ...describe(thrown), line: lineOf(thrown, at) };
      }
      // What an action did to the language reaches neither those behind it nor other customers.
      const mended = inside.mend();
      if (mended.length > 0) tell(`This was changed, and put back: ${mended.join(', ')}`);
      const ended = end();
      // Not by a method: that may be foreign code, unseen.
      runs[runs.length] = { id, name, startedAt, ms: now() - startedAt, ...(error && { error }) };
      if (error === undefined) done = { commands: ended.commands, live: ended.live };
      // A refusal is a decision: it holds whatever became of its action afterwards.
      if (ended.stopped && (error === undefined || ended.isRefused)) stopped = { ...ended.stopped, at };
      else if (error && onFailure === 'refuse') stopped = { by: 'failed', at };
    }
    return stringify({ next: at, runs, stopped, ...done });
  };
})();
