// Runs a library rule in the sandbox, as a sign-in does.
import { pino } from 'pino';
import { z } from 'zod';
import { profileClaims, refusedClaims } from '../contract/claims.ts';
import type { Json, JsonObject } from '../server/base/json.ts';
import { openSandbox } from '../server/base/sandbox/sandbox.ts';
import { scriptOf } from '../server/features/rules/library.ts';
import type { LearnedFact, LibraryRule } from '../server/features/rules/library-rule.ts';
import { programOf } from '../server/features/rules/program.ts';

// One for all test files of a process; it ends with the process.
const sandbox = openSandbox({ log: pino({ level: 'silent' }), memoryMb: 256 });

export type RuleRun = {
  readonly error: { readonly name: string; readonly message: string } | undefined;
  readonly user: JsonObject;
  readonly context: JsonObject;
  readonly learned: readonly LearnedFact[];
  readonly called: readonly { readonly name: string; readonly argument: JsonObject }[];
};

export type Scene = {
  readonly user?: JsonObject;
  readonly context?: JsonObject;
  /** As the form is filled in: what is left out has its default. */
  readonly settings?: JsonObject;
  /** What `regulars.call` answers, by name. */
  readonly answers?: Readonly<Record<string, Json>>;
};

const object = z.record(z.string(), z.json());
const output = z.object({
  state: z.tuple([object, object]),
  runs: z.array(z.object({ error: z.object({ name: z.string(), message: z.string() }).optional() })),
});
const call = z.object({ value: object });

/** Settings come with each run, so that one program is loaded for all of them. */
function withSettings(script: string): string {
  return `async (user, { configuration, ...context }, callback) => (${script})(user, context, callback)`;
}

/** Runs the rule once with these. */
export async function runRule(rule: LibraryRule, { user, context, settings, answers = {} }: Scene): Promise<RuleRun> {
  const learned: LearnedFact[] = [];
  const called: { name: string; argument: JsonObject }[] = [];
  const configuration: JsonObject = JSON.parse(JSON.stringify(rule.settings.parse(settings ?? {})));
  const plan = {
    rules: [{ id: rule.id, name: rule.id, isLibrary: true, onFailure: rule.onFailure, deadlineMs: null }],
    configurations: ['{}'],
    callsOut: false,
    mostState: 512 * 1024,
    mostClaims: 100_000,
    profileClaims,
    refusedClaims,
  };
  const input = {
    user: { user_id: 'auth0|1', ...user },
    context: { idToken: {}, accessToken: {}, stats: { loginsCount: 1 }, counts: true, ...context, configuration },
    from: 0,
    skip: [],
    auth0: { accessToken: '', domain: 'id.test', baseUrl: 'https://id.test/api/v2' },
  };
  const ended = await sandbox.run({
    program: await programOf(rule.id, plan, [{ name: rule.id, script: withSettings(scriptOf(rule)) }]),
    input,
    deadlineMs: 20_000,
    async host(name, argument) {
      const { value } = call.parse(argument);
      if (name === 'learn') learned.push(...facts.parse(value.facts));
      else called.push({ name, argument: value });
      return answers[name] ?? null;
    },
  });
  if ('failure' in ended) throw new Error(ended.failure.message);
  const { state, runs } = output.parse(ended.output);
  const [leftUser, leftContext] = state;
  return { error: runs[0]?.error, user: leftUser, context: leftContext, learned, called };
}

const facts = z
  .array(z.object({ path: z.string(), value: z.json(), confidence: z.number().optional() }))
  .transform((all): LearnedFact[] =>
    all.map(({ confidence, ...fact }) => ({ ...fact, ...(confidence !== undefined && { confidence }) })),
  );

/** What was learned, by path. */
export function factsOf({ learned }: Pick<RuleRun, 'learned'>): Record<string, Json> {
  return Object.fromEntries(learned.map(({ path, value }) => [path, value]));
}
