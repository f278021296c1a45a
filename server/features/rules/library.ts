import type { Base } from '../../base/base.ts';
import type { LibraryRule, LibraryRules } from './library-rule.ts';
import { withoutHoles } from './without-holes.ts';

const offered = new WeakMap<Base['settings'], ReadonlyMap<string, LibraryRule>>();

/** Hands in the library rules that this server has; without it there are none. */
export function offerLibrary({ settings }: Pick<Base, 'settings'>, rules: LibraryRules): void {
  offered.set(settings, new Map(rules.map((rule) => [rule.id, rule])));
}

/** The library rules of this server by their ids. */
export function libraryOf({ settings }: Pick<Base, 'settings'>): ReadonlyMap<string, LibraryRule> {
  return offered.get(settings) ?? new Map();
}

const scripts = new WeakMap<LibraryRule['run'], string>();

/** The script of a library rule: the text of its function. */
export function scriptOf({ run }: Pick<LibraryRule, 'run'>): string {
  const known = scripts.get(run);
  if (known !== undefined) return known;
  const text = String(run);
  // A method's text is none that stands alone, and its lines are set in as its object's.
  const method = /^(async\s+)?run\s*\(/;
  const script = method.test(text) ? withoutHoles(text.replace(method, '$1function run('), 2) : withoutHoles(text, 0);
  scripts.set(run, script);
  return script;
}
