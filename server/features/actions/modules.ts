import { z } from 'zod';
import { Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { newestVersion, worldFiles } from '../../base/sandbox/world.ts';

/** A package that an action says it needs; `require` takes it at this version. */
export type Dependency = { readonly name: string; readonly version: string };

/** As Auth0 has it: the newest version that is there. */
const latest = 'latest';

const stored = z.array(z.object({ name: z.string(), version: z.string() }));

/** As a column holds them. */
export function toDependencies(json: Json): Dependency[] {
  return stored.parse(json);
}

/** As a column is to hold them: where a package is from is always the same. */
export function fromDependencies(dependencies: readonly Dependency[]): string {
  return JSON.stringify(dependencies.map(({ name, version }) => ({ name, version })));
}

/** Which version `require` takes of a package that is named without one. */
export function versionsOf(dependencies: readonly Dependency[]): Record<string, string> {
  return Object.fromEntries(
    dependencies.flatMap((one) => {
      const version = versionOf(one);
      return version === undefined ? [] : [[one.name, version]];
    }),
  );
}

/** Undefined: it is no package of the world, but a part of Node, what stands in for another, or nothing that is there. */
function versionOf({ name, version }: Dependency): string | undefined {
  return version === latest ? newestVersion(name) : version;
}

/** Code as the world reads it for modules: with what stands in its list of dependencies. */
export function scriptsOf({ code, dependencies }: { code: string; dependencies: readonly Dependency[] }): string[] {
  return [
    code,
    ...dependencies.map((one) => {
      const version = versionOf(one);
      return `require('${version === undefined ? one.name : `${one.name}@${version}`}')`;
    }),
  ];
}

/**
 * Every module that the code wants must be there.
 *
 * @throws Problem `invalid_body` that names the first that is not, and how an operator adds it
 */
export async function checkModules(action: { code: string; dependencies: readonly Dependency[] }): Promise<void> {
  const { missing } = await worldFiles({ scripts: scriptsOf(action) });
  // What the list has at a version is told with that.
  const versions = versionsOf(action.dependencies);
  const [first] = missing.filter(({ name }) => !Object.hasOwn(versions, name));
  if (!first) return;
  throw new Problem('invalid_body', `Payload validation error: '${first.message}' on property dependencies.`);
}
