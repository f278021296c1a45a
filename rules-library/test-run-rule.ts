// Runs a library rule by its text alone, as the sandbox does: whatever it uses of its file is not there.
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import type { Json, JsonObject } from '../server/base/json.ts';
import type { LearnedFact, LibraryRule } from '../server/features/rules/library-rule.ts';

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

/** Runs the rule once with these. */
export async function runRule(rule: LibraryRule, { user, context, settings, answers = {} }: Scene): Promise<RuleRun> {
  const learned: LearnedFact[] = [];
  const called: { name: string; argument: JsonObject }[] = [];
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  const regulars = {
    learn: async (facts: LearnedFact[]) => void learned.push(...copy(facts)),
    call: async (name: string, argument: JsonObject) => {
      called.push(copy({ name, argument }));
      return copy(answers[name] ?? null);
    },
  };
  const input = {
    user: { user_id: 'auth0|1', ...user },
    context: { idToken: {}, accessToken: {}, stats: { loginsCount: 1 }, ...context },
  };
  const source = `(configuration, regulars, UnauthorizedError, require, input) => {
    const { user, context } = JSON.parse(input);
    return new Promise((resolve) => ({ ${String(rule.run)} }).run(user, context, (...given) => resolve(given)));
  }`;
  class UnauthorizedError extends Error {
    override name = 'UnauthorizedError';
  }
  const [error, leftUser, leftContext] = await runInNewContext(source)(
    copy(rule.settings.parse(settings ?? {})),
    regulars,
    UnauthorizedError,
    createRequire(import.meta.url),
    JSON.stringify(input),
  );
  return {
    error: error ? { name: error.name, message: error.message } : undefined,
    user: copy(leftUser ?? input.user),
    context: copy(leftContext ?? input.context),
    learned,
    called,
  };
}

/** What was learned, by path. */
export function factsOf({ learned }: Pick<RuleRun, 'learned'>): Record<string, Json> {
  return Object.fromEntries(learned.map(({ path, value }) => [path, value]));
}
