// Runs inside the sandbox, after the world and the files beside this one: calls the actions of one trigger, one after the
// other, and tells what they asked for. Nothing here is trusted by the server: what comes out is checked there.
'use strict';
(() => {
  const { inside, makeApi, sources, execute, resume, own: ours, errors } = globalThis.$actions;
  delete globalThis.$actions;
  const { add, bare, bareAll, callOf, get, isObject, put, slice, Error } = ours;
  const { toldError, namedIn, failedWith } = errors;
  const { parse, stringify } = JSON;
  const { now } = Date;
  const { max } = Math;
  const { hasOwn } = Object;
  const { apply, defineProperty, getPrototypeOf } = Reflect;
  const { require, setTimeout: later, clearTimeout: notLater, Promise: OwnPromise } = globalThis;
  const promises = OwnPromise.prototype;
  const then = callOf(promises.then);
  const compile = globalThis.eval;
  const world = globalThis.console;
  const { warn } = world;
  const modules = bare({});
  let running = 0;
  /** Does the sign-in go on where the one that runs fails? */
  let isOptional = false;
  let marked;
  /** How the one that runs is told of what it failed with. */
  let fail;
  /** By place: who was told of a request that was dropped. */
  let dropped = bare({});

  /** Before the lines of another action stands its place. */
  function mark(place) {
    if (marked !== place) inside.mark(place);
    marked = place;
  }

  function tell(line, place) {
    mark(place);
    warn(line);
  }

  function consoleOf(placeOf) {
    const made = Object.fromEntries(
      Object.entries(world).map(([name, print]) => [
        name,
        typeof print !== 'function'
          ? print
          : (...given) => {
              mark(placeOf());
              return apply(print, world, given);
            },
      ]),
    );
    inside.guard(made, 'console');
    return made;
  }

  // What an action prints later on, from a timer that it has left behind, is still its own.
  const consoles = bare(sources.map((_, place) => consoleOf(() => place)));
  // That of packages.
  globalThis.console = consoleOf(() => running);

  // An error that nobody caught is that of the action that runs, if it surely is; else it is told, and fails nobody.
  inside.onUncaught((error, first, last, isSure) => {
    const one = first === last ? first : undefined;
    const known = isSure ? one : undefined;
    const whose = known ?? namedIn(error);
    // An action before it may have left this, with a stack of its making: nobody's refusal ends by that.
    const mayBeAnothers = known === undefined && isOptional;
    if (fail !== undefined && whose === running && !mayBeAnothers) return fail(error);
    const who = whose === undefined ? 'This action, or one before it,' : 'This action';
    tell(`${who} left an error that nobody caught, which changes nothing: ${toldError(error).message}`, whose ?? running);
  });

  // Told when the last action is over: a request that was begun then is not gone on with.
  inside.onDropped((call, place) => {
    if (call !== 'http' || dropped[place]) return;
    dropped[place] = true;
    tell('It ended before a request was answered, which may not even have been sent: requests must be awaited.', place);
  });

  /** So `await` asks nobody what its `then` is. */
  function own(promise) {
    defineProperty(promise, 'constructor', bare({ value: OwnPromise }));
    return promise;
  }

  /** CommonJS: the code runs once in this isolate, and again only if it failed. */
  function load(place) {
    if (hasOwn(modules, place)) return modules[place];
    const { code, versions, file } = sources[place];
    const requires = (wanted) => require(hasOwn(versions, wanted) ? `${wanted}@${versions[wanted]}` : wanted);
    const module = { exports: {} };
    const { exports } = module;
    // Within another function: code may declare a `console` of its own.
    const inner = `function (exports, require, module, __filename, __dirname) {${code}\n}`;
    const outer = compile(`(function (console) { return ${inner} })\n//# sourceURL=${file}`);
    apply(outer(consoles[place]), exports, [exports, requires, module, file, '.']);
    modules[place] = module.exports;
    return modules[place];
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

  /** When what a handler has returned is done. Foreign code may have said what `then` of all promises is. */
  function follow(work, done, failed) {
    if (!isObject(work)) return done();
    const isPlain = getPrototypeOf(work) === promises;
    try {
      then(isPlain ? own(work) : own(new OwnPromise((resolve) => resolve(work))), done, failed);
    } catch {
      then(own(new OwnPromise((resolve) => resolve(work))), done, failed);
    }
  }

  function runOne(place, continues, api, event, deadlineMs) {
    const ending = (resolve, reject) => {
      let timer;
      const over = () => {
        fail = undefined;
        if (timer !== undefined) notLater(timer);
      };
      const done = () => {
        over();
        resolve();
      };
      const failed = (error) => {
        over();
        reject(error);
      };
      fail = failed;
      try {
        const exported = load(place);
        const handler = exported?.[continues ? resume : execute];
        if (typeof handler !== 'function') {
          if (continues) return done();
          throw new Error(`The action exports no ${execute}.`);
        }
        if (deadlineMs !== undefined) {
          timer = later(() => failed(new Error(`The action was not done within ${deadlineMs} ms.`)), deadlineMs);
        }
        follow(handler(event, api), done, failed);
      } catch (error) {
        failed(error);
      }
    };
    return own(new OwnPromise(ending));
  }

  /** What an action did to the language reaches neither those behind it nor other customers. */
  function mend(place) {
    const names = inside.mend();
    if (names.length === 0) return;
    let told = '';
    for (let at = 0; at < names.length; at += 1) told += `${at === 0 ? '' : ', '}${names[at]}`;
    tell(`This was changed, and put back: ${told}`, place);
  }

  const nothing = () => {};
  const beginningWith = (told, done) => `${slice(stringify(told), 0, -1)},${slice(done, 1)}`;

  globalThis.main = async (given) => {
    // What the run before has left to be done later is nobody's any more.
    inside.reset();
    const { actions, from, commands, live } = bareAll(parse(given));
    const runs = bare([]);
    // What has been asked for, as JSON: nobody changes a text.
    let done = stringify(bare({ commands, live }));
    let stopped;
    let next = from;
    marked = from;
    dropped = bare({});
    for (; next < actions.length && stopped === undefined; next += 1) {
      const place = next;
      const { name, onFailure, deadlineMs, ran, resumes } = actions[place];
      if (ran) continue;
      running = place;
      isOptional = onFailure === 'go_on';
      inside.own(place);
      const startedAt = now();
      const told = beginningWith(bare({ next: place, runs, startedAt }), done);
      inside.checkpoint(told, deadlineMs);
      const continues = goesOn(place, resumes);
      const refuses = (refusal) => {
        const refused = bare({ ...refusal, at: place });
        inside.checkpoint(stringify(bare({ begun: told, stopped: refused })), deadlineMs);
        // The checkpoint may be too large, and is told only if this process still answers; the server knows this at once.
        then(own(inside.call('refused', refused)), nothing, nothing);
      };
      // Each action has an event and an `api` of its own: what one changes in them, no other sees.
      const input = parse(given);
      const made = makeApi({
        input,
        done: parse(done),
        secrets: get(input.actions[place], 'secrets'),
        continues,
        refuses,
        tell: (line) => tell(line, place),
        // Who runs by then is not to fail for it.
        tooLate: (path) =>
          tell(`api.${path} was called after its action (${name}) had ended, and did nothing.`, place),
      });
      let error;
      try {
        await runOne(place, continues, made.api, made.event, deadlineMs);
      } catch (thrown) {
        error = failedWith(thrown, place).error;
      }
      mend(place);
      const ended = made.end();
      const run = bare({ at: place, startedAt, ms: max(0, now() - startedAt) });
      if (error === undefined) done = ended.done;
      else put(run, 'error', error);
      add(runs, run);
      // A refusal is a decision: it holds whatever became of its action afterwards.
      if (ended.stopped && (error === undefined || ended.isRefused)) stopped = bare({ ...ended.stopped, at: place });
      else if (error && onFailure === 'refuse') stopped = bare({ by: 'failed', at: place });
    }
    return beginningWith(bare({ next, runs, stopped }), done);
  };
})();
