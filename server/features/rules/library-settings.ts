import { z } from 'zod';
import { issueInWords } from '../../../contract/issue-words.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { libraryOf } from './library.ts';
import type { LibraryRule } from './library-rule.ts';
import { namesOutside, sealSettings, secretsOf } from './sealed-settings.ts';
import type { RuleRow } from './store.ts';

/** The library rule of this id. @throws Problem `not_found` */
export function knownRule(base: Pick<Base, 'settings'>, id: string): LibraryRule {
  const known = libraryOf(base).get(id);
  if (known) return known;
  throw new Problem('not_found', 'There is no such library rule. GET /rules/library lists them.', {
    errorCode: 'inexistent_library_rule',
  });
}

/**
 * What a form was filled in with, ready to be kept; secret ones that are left out stay as they were, unless what they open
 * is another server now: whoever leads them there must know them.
 *
 * @throws Problem `invalid_body` that names the first field that is refused, and all of them as `faults`
 */
export function readSettings(
  base: Pick<Base, 'vault'>,
  rule: LibraryRule,
  given: JsonObject,
  before: Partial<Pick<RuleRow, 'settings' | 'secrets'>>,
): { settings: string; secrets: string | null } {
  const kept = secretsOf(base, { secrets: before.secrets ?? null });
  const settings: JsonObject = { ...kept, ...given };
  const read = rule.settings.safeParse(settings, { reportInput: true });
  if (read.success) {
    const now = jsonOf(read.data);
    const left = leadElsewhere(rule, before.settings, now) ? keptOf(kept, given) : undefined;
    if (left === undefined) return sealSettings(base, rule, now);
    throw refusedBy([
      { property: `settings.${left}`, message: `The address leads elsewhere: give the ${left} again.` },
    ]);
  }
  const all = read.error.issues.map((issue) => ({
    property: ['settings', ...issue.path].map(String).join('.'),
    message: neededOf(rule, settings, issue.path) ?? issueInWords(issue),
  }));
  // Of each the first: what is of another kind altogether is also too short.
  throw refusedBy(all.filter(({ property }, place) => all.findIndex((one) => one.property === property) === place));
}

function refusedBy(faults: readonly { readonly property: string; readonly message: string }[]): Problem {
  const [first] = faults;
  const told = first ? `'${first.message}' on property ${first.property}` : "'Not valid'";
  return new Problem('invalid_body', `Payload validation error: ${told}.`, { faults });
}

/**
 * Refuses to bring back an address beside secrets that another server was given.
 *
 * @throws Problem `invalid_body`
 */
export function refuseElsewhere(
  base: Pick<Base, 'vault' | 'settings'>,
  present: Pick<RuleRow, 'library' | 'settings' | 'secrets'>,
  settings: Json,
): void {
  const rule = present.library === null ? undefined : libraryOf(base).get(present.library);
  const left = keptOf(secretsOf(base, present), {});
  if (!rule || left === undefined || !leadElsewhere(rule, present.settings, settings)) return;
  const message = `The address of this version leads elsewhere: fill it in in the form of the rule, and give the ${left} again.`;
  throw new Problem('invalid_body', message);
}

function leadElsewhere(rule: LibraryRule, before: Json | undefined, now: Json): boolean {
  const valueIn = (settings: Json | undefined, name: string) => (isJsonObject(settings) ? settings[name] : undefined);
  return namesOutside(rule).some((name) => originOf(valueIn(before, name)) !== originOf(valueIn(now, name)));
}

/** Where an address leads; of what is none, itself. */
function originOf(value: Json | undefined): Json | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : value;
}

/** The first of these secrets that was not given anew. */
function keptOf(secrets: JsonObject, given: JsonObject): string | undefined {
  return Object.keys(secrets).find((name) => !isEmpty(secrets[name]) && given[name] === undefined);
}

/** Says of a setting that was left out or left empty, and has no value of its own then, that it is needed. */
function neededOf(rule: LibraryRule, settings: JsonObject, path: readonly PropertyKey[]): string | undefined {
  const [name, ...below] = path.map(String);
  if (name === undefined || below.length > 0) return undefined;
  const field = rule.settings.shape[name];
  if (!isEmpty(settings[name]) || !(field instanceof z.ZodType)) return undefined;
  if (field.safeParse(undefined).success) return undefined;
  return `“${field.meta()?.title ?? name}” is needed: fill it in, the rule cannot run without it.`;
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** Left-out settings are none, as in JSON. */
function jsonOf(settings: object): JsonObject {
  return JSON.parse(JSON.stringify(settings));
}
