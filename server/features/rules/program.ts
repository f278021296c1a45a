import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hardToRead, readApart } from '../../base/read-apart.ts';
import { rememberByText } from '../../base/remember-by-text.ts';
import { errorTeller } from '../../base/sandbox/error-teller.ts';
import type { Program } from '../../base/sandbox/sandbox.ts';
import { worldFiles } from '../../base/sandbox/world.ts';
import { withMethod } from './as-method.ts';
import type { DriverPlan } from './driven.ts';
import { driver } from './driver.ts';
import { stateJudge } from './state-judge.ts';

/** A script to be run: in its scope stand what rules find there. */
export type Script = {
  /** Told in stack traces. */
  readonly name: string;
  readonly script: string;
};

/** In the scope of each script, beside what is global. `regulars` is undefined but for library rules. */
const scope = 'configuration, auth0, regulars, UnauthorizedError, ValidationError, console';

/**
 * The program that runs these scripts one after another, in one crossing.
 *
 * @param name programs of one name replace each other
 */
export async function programOf(name: string, plan: DriverPlan, scripts: readonly Script[]): Promise<Program> {
  const world = await worldFiles({ scripts: scripts.map(({ script }) => script) });
  const sources = await Promise.all(scripts.map(({ script }) => sourceOf(script)));
  const names = scripts.map((one) => `${one.name}.js`);
  const files = [
    ...world.files,
    // Strict: what is called from it, a getter of what a rule left, finds none of its functions in the stack.
    {
      name: 'regulars:driver',
      source: `'use strict'; globalThis.$rule = ((plan) => (${driver})($inside, plan, (${errorTeller})(${JSON.stringify(names)}), (${stateJudge})(plan)))(${JSON.stringify(plan)});`,
    },
    // A script stands on the first line, so that its lines are those of stack traces.
    ...sources.map((source, place) => ({
      name: names[place] ?? '',
      source: `$rule(${place}, ({ ${scope} }) => (${source}\n));`,
    })),
    { name: 'regulars:ready', source: 'delete globalThis.$rule;' },
  ];
  const version = createHash('sha256').update(JSON.stringify(files)).digest('base64url');
  return { name, version, files };
}

const reader = new URL('./as-method.ts', import.meta.url);
const method = z.object({ start: z.number(), end: z.number(), from: z.number(), name: z.string().nullable() });
// Each change of any setting makes the program anew, of scripts most of which stay.
const methodOf = rememberByText(1000, async (script) => {
  const read = () => readApart(method.nullable(), reader, 'methodIn', [script], { isForSignIn: true });
  const found = await read();
  // Once more before that is said of it for good: it was read when it was saved, and the machine may have stood still.
  return found === undefined ? read() : found;
});

async function sourceOf(script: string): Promise<string> {
  const found = await methodOf(script);
  if (found) return withMethod(script, found);
  // One that is too hard to read fails under its own policy, as one does whose code is wrong.
  return found === null ? script : `function () { throw new Error(${JSON.stringify(hardToRead)}); }`;
}
