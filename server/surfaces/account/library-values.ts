import type { Base } from '../../base/base.ts';
import { type LibraryRule, libraryOf, type ToldValue } from '../../features/rules/rules.ts';

/** A value that a ready rule keeps of its customer, with the rule. */
export type LibraryValue = { readonly rule: LibraryRule; readonly value: ToldValue };

/**
 * What the ready rule that told a value says of it; undefined for what anybody else told. At the same path the umbrella
 * may keep a word of its own, and that is not shown for the rule's sake.
 *
 * @param origin of the fact, or of the change
 */
export function toldByRule(base: Base, path: string, origin: unknown): LibraryValue | undefined {
  const rule = ruleOf(base, origin);
  return rule && tellingOf(rule, path);
}

/** The ready rule that a fact, or a change, comes from. */
export function ruleOf(base: Base, origin: unknown): LibraryRule | undefined {
  const id = typeof origin === 'string' ? /^library:(.+)$/.exec(origin)?.[1] : undefined;
  return id === undefined ? undefined : libraryOf(base).get(id);
}

/** What any ready rule says of a path, such as what it is called. */
export function ruleValueAt(base: Base, path: string): LibraryValue | undefined {
  for (const rule of libraryOf(base).values()) {
    const found = tellingOf(rule, path);
    if (found) return found;
  }
  return undefined;
}

function tellingOf(rule: LibraryRule, path: string): LibraryValue | undefined {
  const value = rule.tells?.values.find((one) => one.path === path);
  return value && { rule, value };
}
