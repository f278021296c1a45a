import { z } from 'zod';
import { Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { worldFiles } from '../../base/sandbox/world.ts';

/** A package that an action says it needs; `require` takes it at this version. */
export type Dependency = { readonly name: string; readonly version: string };

/** As Auth0 has it: any version. */
const latest = 'latest';

const stored = z.array(z.object({ name: z.string(), version: z.string() }));

/** As a column holds them. */
export function toDependencies(json: Json): Dependency[] {
  return stored.parse(json);
}

/** Which version `require` takes of a package that is named without one. */
export function versionsOf(dependencies: readonly Dependency[]): Record<string, string> {
  return Object.fromEntries(
    dependencies.flatMap(({ name, version }) =>
      version === latest ? [] : [[name, version] satisfies [string, string]],
    ),
  );
}

/** Code as the world reads it for modules: with what stands in its list of dependencies. */
export function scriptsOf({ code, dependencies }: { code: string; dependencies: readonly Dependency[] }): string[] {
  return [
    code,
    ...dependencies.map(({ name, version }) => `require('${version === latest ? name : `${name}@${version}`}')`),
  ];
}

/**
 * Every module that the code wants must be there.
 *
 * @throws Problem `invalid_body` that names the first that is not, and how an operator adds it
 */
export async function checkModules(action: { code: string; dependencies: readonly Dependency[] }): Promise<void> {
  const { missing } = await worldFiles({ scripts: scriptsOf(action) });
  const [first] = missing.filter(({ name }) => !action.dependencies.some((one) => one.name === name));
  if (!first) return;
  throw new Problem('invalid_body', `Payload validation error: '${first.message}' on property dependencies.`);
}
