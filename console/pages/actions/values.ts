import type { Action, ActionPatch } from '../../../contract/actions.ts';
import { Refused } from '../../ui/refused.ts';

/** What is written of an action, as its form shows it. */
export function valuesOf({ name, code, dependencies, on_failure }: Action) {
  return {
    ...{ name, code, on_failure },
    /** One in each line: `lodash@4.17.21`. */
    dependencies: dependencies.map((one) => `${one.name}@${one.version}`).join('\n'),
  };
}
export type ActionValues = ReturnType<typeof valuesOf>;

/** @throws Refused where a line is no package with its version */
export function writtenOf({ name, code, on_failure, dependencies }: ActionValues): ActionPatch {
  const lines = dependencies.split('\n').map((line) => line.trim());
  return {
    ...{ name, code, on_failure },
    dependencies: lines
      .filter((line) => line !== '')
      .map((line) => {
        const [, of, version] = /^(.+)@([^@]+)$/.exec(line) ?? [];
        if (!of || !version) throw new Refused('dependencies', `${line}: a name and a version, lodash@4.17.21`);
        return { name: of, version };
      }),
  };
}
