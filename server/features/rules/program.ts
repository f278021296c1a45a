import { createHash } from 'node:crypto';
import type { Program } from '../../base/sandbox/sandbox.ts';
import { type DriverPlan, driver } from './driver.ts';

/** A script to be run: in its scope stand what rules find there. */
export type Script = {
  /** Told in stack traces. */
  readonly name: string;
  readonly script: string;
};

/** In the scope of each script, beside what is global. `regulars` is undefined but for library rules. */
const scope = 'configuration, auth0, regulars, UnauthorizedError, ValidationError, console';

/** The program that runs these scripts one after another, in one crossing. */
export async function programOf(plan: DriverPlan, scripts: readonly Script[]): Promise<Program> {
  const files = [
    { name: 'world.js', source: thinWorld },
    { name: 'driver.js', source: `globalThis.$rule = (${driver})($inside, ${JSON.stringify(plan)}); delete $inside;` },
    // The script stands on the first line, so that its lines are those of stack traces.
    ...scripts.map(({ name, script }, place) => ({
      name: `${name}.js`,
      source: `$rule(${place}, ({ ${scope} }) => (${script}\n));`,
    })),
    { name: 'ready.js', source: 'delete globalThis.$rule;' },
  ];
  const version = createHash('sha256').update(JSON.stringify(files)).digest('base64url');
  return { version, files };
}

const thinWorld = `{
  const host = globalThis.$host;
  delete globalThis.$host;
  const print = (level) => (...given) => host.log(level, given.map(String).join(' '));
  globalThis.console = { log: print('log'), info: print('info'), warn: print('warn'), error: print('error'), debug: print('debug') };
  globalThis.global = globalThis;
  globalThis.performance = { now: () => Date.now() };
  let next = 1;
  const timers = new Set();
  globalThis.setTimeout = (act, ms, ...given) => {
    const id = next++;
    timers.add(id);
    host.wait(ms).then(() => timers.delete(id) && act(...given));
    return id;
  };
  globalThis.clearTimeout = (id) => timers.delete(id);
  globalThis.$inside = {
    call: async (name, value) => JSON.parse(await host.call(name, JSON.stringify(value))),
    checkpoint: (value) => host.checkpoint(JSON.stringify(value)),
  };
}`;
