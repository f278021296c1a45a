import type { Base } from '../../base/base.ts';
import { libraryOf, readRuleNames } from '../../features/rules/rules.ts';

/**
 * What rules are called that told something, by its origin (`library:<id>`, `rule:<id>`); without those that are there no
 * more, and whatever else an origin is.
 */
export async function ruleNamesOf(base: Base, origins: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ready = libraryOf(base);
  const own = await readRuleNames(base.db, [...new Set(origins.flatMap((origin) => idAt(origin, 'rule')))]);
  return new Map(
    origins.flatMap((origin): [string, string][] => {
      const [id = ''] = idAt(origin, 'rule');
      const [library = ''] = idAt(origin, 'library');
      const name = own.get(id) ?? ready.get(library)?.name;
      return name === undefined ? [] : [[origin, name]];
    }),
  );
}

function idAt(origin: string, kind: 'rule' | 'library'): string[] {
  return origin.startsWith(`${kind}:`) ? [origin.slice(kind.length + 1)] : [];
}
