// What runs inside the isolate, before and around the umbrella's code. Its text is taken as it is: it uses nothing of
// this file but types.

import type { ErrorTeller, Failed } from '../../base/sandbox/error-teller.ts';
import type { DriverCheckpoint, DriverEnd, DriverInput, DriverPlan, DriverRun, Inside, RuleFactory } from './driven.ts';
import type { StateJudge } from './state-judge.ts';

type End = Failed | { user: unknown; context: unknown };

/** Leaves `main` for the sandbox, and hands back how scripts are registered. */
export function driver(
  inside: Inside,
  plan: DriverPlan,
  errors: ErrorTeller,
  wrongIn: StateJudge,
): (place: number, factory: RuleFactory) => void {
  const { stringify, parse } = JSON;
  const { defineProperty, setPrototypeOf, preventExtensions, apply } = Reflect;
  const { keys, create: inherit } = Object;
  const objectOf = Object;
  const { isArray } = Array;
  const { slice } = String.prototype;
  const { includes: isIn } = Array.prototype;
  const OwnPromise = Promise;
  const { toldError, namedIn, failedWith } = errors;
  const world = console;
  const { setTimeout: later, clearTimeout: notLater } = globalThis;
  const { now } = Date;
  const prototypes: object[] = [Object, Array, String, Number, Boolean, Function, BigInt].map((one) => one.prototype);
  const factories: RuleFactory[] = [];
  const tokens = ['idToken', 'accessToken'] as const;
  const refused = { idToken: named(plan.refusedClaims.idToken), accessToken: named(plan.refusedClaims.accessToken) };
  let marked = 0;
  let reached = '';
  let current = 0;
  /** By place: how a rule is told of what it failed with. */
  const ends: ((end: End) => void)[] = [];
  inside.oldGlobals();
  inside.takeOver();
  // As in Node, where it ends the process: the rule does not call back any more.
  inside.onUncaught((error, first, last, isSure) => {
    const one = first === last ? first : undefined;
    const known = isSure ? one : undefined;
    const whose = known ?? namedIn(error) ?? one;
    const end = whose === undefined ? undefined : ends[whose];
    // A rule before it may have left this, and what it says of whose it is: nobody's refusal ends by that.
    const mayBeAnothers = known === undefined && whose === current && plan.rules[current]?.onFailure === 'go_on';
    if (end && whose !== undefined && !mayBeAnothers) return end(failedWith(error, whose));
    tell(current, `Nobody caught an error of this rule or of one before it: ${toldError(error).message}`);
  });

  class UnauthorizedError extends Error {
    override name = 'UnauthorizedError';
  }
  class ValidationError extends Error {
    override name = 'ValidationError';
    code: string;
    constructor(code: string, message: string) {
      super(message);
      this.code = code;
    }
  }

  for (const one of [UnauthorizedError, ValidationError]) {
    // What they inherit stays: a rule before could have them make something else.
    for (const part of [one, one.prototype]) preventExtensions(part);
    inside.guard(one, one.name);
  }

  /** Without a prototype: what foreign code puts into that of all objects, a `then` or an `error`, is not found here. */
  function bare<Value extends object>(value: Value): Value {
    setPrototypeOf(value, null);
    return value;
  }

  /** Names to be looked up. */
  function named(names: readonly string[]): Record<string, true> {
    const all: Record<string, true> = bare({});
    for (let at = 0; at < names.length; at += 1) all[names[at] ?? ''] = true;
    return all;
  }

  /** So `await` asks nobody what its `then` is: foreign code may have put another into the prototype. */
  function own<Value>(promise: Promise<Value>): Promise<Value> {
    defineProperty(promise, 'constructor', bare({ value: OwnPromise }));
    return promise;
  }

  /** At the end of a list, whatever foreign code has said of what happens then. */
  function add<Value>(list: Value[], value: Value): void {
    defineProperty(list, list.length, bare({ value, writable: true, enumerable: true, configurable: true }));
  }

  function mark(place: number): void {
    if (marked !== place) inside.mark(place);
    marked = place;
  }

  function tell(place: number, line: string): void {
    mark(place);
    world.warn(line);
  }

  /** A console of its own: before its lines stands whose they are. */
  function consoleOf(placeOf: () => number): Record<string, unknown> {
    const own: Record<string, unknown> = {};
    for (const [name, print] of Object.entries(world)) {
      own[name] =
        typeof print !== 'function'
          ? print
          : (...given: unknown[]) => {
              mark(placeOf());
              return apply(print, world, given);
            };
    }
    inside.guard(own, 'console');
    return own;
  }
  const consoles = plan.rules.map((_, place) => consoleOf(() => place));
  // That of packages.
  Object.assign(globalThis, { console: consoleOf(() => current) });

  function auth0Of(place: number, access: DriverInput['auth0']): unknown {
    const update = (name: string) => (target: unknown, patch: unknown, callback?: unknown) => {
      const told = typeof target === 'object' && target !== null && 'id' in target ? target.id : target;
      const updated = inside.callAs(place, name, { user_id: told, patch });
      if (typeof callback !== 'function') return updated;
      updated.then(
        (user) => callback(null, user),
        (error) => callback(error),
      );
      return undefined;
    };
    const users = {
      updateUserMetadata: update('update_user_metadata'),
      updateAppMetadata: update('update_app_metadata'),
    };
    return { ...access, users };
  }

  function regularsOf(place: number): unknown {
    if (!plan.rules[place]?.isLibrary) return undefined;
    const call = (name: string, value: unknown) => inside.callAs(place, name, value);
    return { call, learn: (facts: unknown) => call('learn', { facts }) };
  }

  const failed = (name: string, message: string): Failed => bare({ error: { name, message } });

  function isObject(value: unknown): boolean {
    return typeof value === 'object' && value !== null && !isArray(value);
  }

  /** What a callback says; what it leaves out stays as it is. */
  function readCallback(rule: number, given: unknown[], user: unknown, context: unknown): End {
    // By its place: how lists are gone through may be foreign code by now, as may what stands where there is nothing.
    const at = (place: number, otherwise: unknown) => {
      return place < given.length && given[place] !== undefined ? given[place] : otherwise;
    };
    const error = at(0, undefined);
    const newUser = at(1, user);
    const newContext = at(2, context);
    if (error) return failedWith(error, rule);
    if (newUser !== null && !isObject(newUser)) return failed('TypeError', 'It called back with a user that is none.');
    if (newContext !== null && !isObject(newContext)) {
      return failed('TypeError', 'It called back with a context that is none.');
    }
    return bare({ user: newUser ?? user, context: newContext ?? context });
  }

  function runOne(place: number, { auth0 }: DriverInput, user: unknown, context: unknown): Promise<End> {
    const { deadlineMs = null } = plan.rules[place] ?? {};
    current = place;
    inside.own(place);
    const ending = (resolve: (end: End) => void) => {
      let isOver = false;
      let hasCalledBack = false;
      let isTold = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      // Once for each rule, or it takes all the lines that a run may print.
      const tellLate = (failure: string | undefined) => {
        if (isTold) return;
        isTold = true;
        const since = hasCalledBack ? 'it had called back' : 'it had failed';
        if (failure !== undefined) tell(place, `It failed when ${since}, which changes nothing: ${failure}`);
        else if (hasCalledBack) tell(place, 'It called back again: the first call counts.');
        else tell(place, 'It called back when it had failed, which changes nothing.');
      };
      const end = (ended: End) => {
        if (isOver) return tellLate('error' in ended ? ended.error.message : undefined);
        isOver = true;
        if (timer !== undefined) notLater(timer);
        resolve(ended);
      };
      ends[place] = end;
      try {
        const rule = factories[place]?.({
          configuration: parse(plan.configurations[place] ?? '{}'),
          auth0: auth0Of(place, auth0),
          regulars: regularsOf(place),
          UnauthorizedError,
          ValidationError,
          // What one run puts in the place of `console.log` is not for the next. A copy took as long as a rule.
          console: inherit(consoles[place] ?? null),
        });
        if (typeof rule !== 'function') return end(failed('TypeError', 'The script is no function.'));
        const callback = (...given: unknown[]) => {
          if (isOver) return tellLate(undefined);
          hasCalledBack = true;
          end(readCallback(place, given, user, context));
        };
        const returned = rule(user, context, callback);
        if (isObject(returned)) OwnPromise.resolve(returned).then(undefined, (error) => end(failedWith(error, place)));
      } catch (error) {
        end(failedWith(error, place));
      }
      if (isOver || deadlineMs === null) return;
      timer = later(() => end(failed('TimeoutError', `It did not call back within ${deadlineMs} ms.`)), deadlineMs);
    };
    return own(new OwnPromise(ending));
  }

  /** Has somebody said of all values how they are read as JSON? */
  function hasToJson(): boolean {
    for (let at = 0; at < prototypes.length; at += 1) if ('toJSON' in (prototypes[at] ?? {})) return true;
    return false;
  }

  /** The state as JSON; an end that failed where it is none. Where an object has a `toJSON`, foreign code runs. */
  function keep(place: number, end: End, before: string): { state: string } | Failed {
    if ('error' in end) return end;
    try {
      const user = stringify(end.user);
      const context = stringify(end.context);
      // It may have said there how the rest is read.
      if (hasToJson()) tellMended(place, inside.mend());
      // What has a `toJSON` of its own, as a date, becomes something else.
      if (user?.[0] !== '{') return failed('TypeError', 'It called back with a user that is no object in JSON.');
      if (context?.[0] !== '{') return failed('TypeError', 'It called back with a context that is no object in JSON.');
      const state = `[${user},${context}]`;
      if (state.length > plan.mostState) {
        return failed('RangeError', `It left more than ${plan.mostState} characters of JSON.`);
      }
      const wrong = wrongIn(state, before);
      return wrong === undefined ? bare({ state }) : failed('TypeError', wrong);
    } catch (error) {
      const { message } = toldError(error);
      return failed('TypeError', `What it left as user or context is no JSON: ${message}`);
    }
  }

  /** What a rule did to `Object.prototype` and the like reaches neither the rules behind it nor other customers. */
  function tellMended(place: number, names: readonly string[]): void {
    if (names.length > 0) tell(place, `This was changed, and put back: ${names.join(', ')}`);
  }

  /** Claims that are left out of tokens; each is told of the first rule that sets it. */
  function tellRefused(place: number, context: unknown, told: string[]): void {
    try {
      let news = '';
      for (let at = 0; at < tokens.length; at += 1) {
        const token = tokens[at] ?? 'idToken';
        const claims = objectOf(context)[token];
        if (!isObject(claims)) continue;
        const names = keys(claims);
        for (let one = 0; one < names.length; one += 1) {
          const name = `context.${token}.${names[one]}`;
          if (!((names[one] ?? '') in refused[token]) || apply(isIn, told, [name])) continue;
          add(told, name);
          news += `${news === '' ? '' : ', '}${name}`;
        }
      }
      if (news !== '') tell(place, `No token tells this, its name is the protocol's: ${news}`);
    } catch {
      // Foreign code runs here; the server leaves them out all the same.
    }
  }

  /** As JSON, with the state, which is JSON already. */
  const withState = (told: DriverEnd | DriverCheckpoint, state: string): string =>
    `{"state":${state},${apply(slice, stringify(told), [1])}`;

  /** What it came to, as JSON at once: how objects read as JSON may be foreign code when somebody else comes to it. */
  async function runAll(input: DriverInput): Promise<string> {
    let { user, context } = input;
    let state = stringify([user, context]);
    const before = stringify(input.userBefore ?? user);
    const runs: DriverRun[] = [];
    const refusedClaims: string[] = [];
    for (let at = input.from; at < plan.rules.length; at += 1) {
      const rule = plan.rules[at];
      if (!rule) break;
      if (apply(isIn, input.skip, [at])) continue;
      const goesOn = rule.onFailure === 'go_on';
      const told: DriverCheckpoint = { at, runs };
      reached = goesOn ? withState(told, state) : stringify(told);
      // Its own timer cannot end a rule that never gives way.
      if (at > input.from || rule.deadlineMs !== null) inside.checkpoint(reached, rule.deadlineMs);
      const began = now();
      const end = await runOne(at, input, user, context);
      if (hasToJson()) tellMended(at, inside.mend());
      const kept = keep(at, end, before);
      // Foreign code may run where one looks at what was left: nothing of it is looked at behind this.
      if (!('error' in kept) && 'user' in end) tellRefused(at, end.context, refusedClaims);
      tellMended(at, inside.mend());
      const ms = now() - began;
      if (!('error' in kept)) {
        add(runs, { id: rule.id, ms });
        state = kept.state;
        if ('user' in end) ({ user, context } = end);
        continue;
      }
      const { error } = kept;
      add(runs, { id: rule.id, ms, error });
      const isUnauthorized = error.name === 'UnauthorizedError';
      if (isUnauthorized || !goesOn) {
        const by = isUnauthorized ? 'unauthorized' : 'failed';
        return withState({ runs, refused: { rule: rule.id, by, message: error.message } }, state);
      }
      [user, context] = parse(state);
    }
    return withState({ runs }, state);
  }

  Object.assign(globalThis, {
    async main(text: string): Promise<string> {
      const input: DriverInput = parse(text);
      marked = current = input.from;
      reached = '';
      ends.length = 0;
      const end = await own(runAll(input));
      // Calls that were begun are finished, and the sign-in does not wait for them.
      if (plan.callsOut) {
        // The deadline of the last rule is no longer theirs.
        inside.checkpoint(reached);
        await inside.call('rules_ended', end);
      }
      return end;
    },
  });
  return (place, factory) => {
    factories[place] = factory;
  };
}
