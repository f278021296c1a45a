import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Base } from '../../base/base.ts';
import { errorTeller } from '../../base/sandbox/error-teller.ts';
import type { Program } from '../../base/sandbox/sandbox.ts';
import { worldFiles } from '../../base/sandbox/world.ts';
import { readBound } from './bindings-store.ts';
import { factorTypes } from './factor-types.ts';
import { type Dependency, scriptsOf, toDependencies, versionsOf } from './modules.ts';
import { openSecrets } from './secrets.ts';
import { refusedMembers, type TriggerId, triggers } from './triggers.ts';

/** An action as it runs at a trigger. */
export type BoundAction = {
  readonly id: string;
  readonly name: string;
  /** Id of the version that was deployed; none: a draft that is tried. */
  readonly version?: string | undefined;
  readonly onFailure: 'refuse' | 'go_on';
  readonly secrets: Readonly<Record<string, string>>;
};

/** What runs at a trigger. */
export type Pipeline = {
  readonly actions: readonly BoundAction[];
  readonly program: Program;
  /** May any of them look into the cache? */
  readonly usesCache: boolean;
  /** May any of them render a form? */
  readonly usesForms: boolean;
};

type Ground = Pick<Base, 'db' | 'settings' | 'vault'>;

const inside = ['own', 'redirect', 'prompt', 'api', 'driver'].map((name) => ({
  name: `regulars:actions/${name}.js`,
  source: readFileSync(new URL(`inside/${name}.js`, import.meta.url), 'utf8'),
}));

/** What runs at the trigger, from this process's memory; undefined: nothing. */
export function pipelineOf(base: Ground, trigger: TriggerId): Promise<Pipeline | undefined> {
  return base.settings.remember(`actions:${trigger}`, async () => {
    const bound = await readBound(base.db, trigger);
    if (bound.length === 0) return undefined;
    const actions = bound.map(({ id, name, version, on_failure, secrets }) => ({
      id,
      name,
      version,
      onFailure: on_failure === 'go_on' ? ('go_on' as const) : ('refuse' as const),
      secrets: namedValues(openSecrets(base, 'action_versions', secrets)),
    }));
    const sources = bound.map(({ dependencies, ...one }) => ({ ...one, dependencies: toDependencies(dependencies) }));
    return createPipeline(`actions:${trigger}`, trigger, actions, sources);
  });
}

/** Does anything run at the trigger? From this process's memory. */
export async function isActionBound(base: Ground, trigger: TriggerId): Promise<boolean> {
  return (await pipelineOf(base, trigger)) !== undefined;
}

/**
 * A pipeline of these actions.
 *
 * @param name programs of one name replace each other
 */
export async function createPipeline(
  name: string,
  trigger: TriggerId,
  actions: readonly BoundAction[],
  sources: readonly { name: string; code: string; dependencies: readonly Dependency[] }[],
): Promise<Pipeline> {
  const { execute, resume, members } = triggers[trigger];
  const told = {
    trigger,
    execute,
    resume,
    members,
    refused: refusedMembers(trigger),
    factors: factorTypes,
    sources: sources.map(({ name, code, dependencies }) => ({
      code,
      // As stacks name it: V8 takes no name with spaces.
      file: `${name.replace(/[\s'"]/g, '-')}.js`,
      versions: versionsOf(dependencies),
    })),
  };
  const errors = `(${errorTeller})(${JSON.stringify(told.sources.map(({ file }) => file))})`;
  const { files: world } = await worldFiles({
    scripts: [...inside.map(({ source }) => source), ...sources.flatMap(scriptsOf)],
  });
  const files = [
    ...world,
    { name: 'regulars:actions/begin.js', source: begin(JSON.stringify(told), errors) },
    ...inside,
  ];
  const version = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  const says = (word: string) => sources.some(({ code }) => code.includes(word));
  return { actions, program: { name, version, files }, usesCache: says('cache'), usesForms: says('prompt') };
}

function begin(json: string, errors: string): string {
  return `'use strict'; (() => {
  const inside = globalThis.$inside;
  inside.takeOver();
  globalThis.$actions = { ...JSON.parse(${JSON.stringify(json)}), inside, errors: ${errors} };
})();`;
}

/** Secrets as `event.secrets` has them. */
export function namedValues(secrets: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}
