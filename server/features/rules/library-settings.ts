import { z } from 'zod';
import { issueInWords } from '../../../contract/issue-words.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { libraryOf } from './library.ts';
import type { LibraryRule } from './library-rule.ts';
import { sealSettings, secretsOf } from './sealed-settings.ts';

/** The library rule of this id. @throws Problem `not_found` */
export function knownRule(base: Pick<Base, 'settings'>, id: string): LibraryRule {
  const known = libraryOf(base).get(id);
  if (known) return known;
  throw new Problem('not_found', 'There is no such library rule. GET /rules/library lists them.', {
    errorCode: 'inexistent_library_rule',
  });
}

/**
 * What a form was filled in with, ready to be kept; secret ones that are left out stay as they were.
 *
 * @throws Problem `invalid_body` that names the first field that is refused, and all of them as `faults`
 */
export function readSettings(
  base: Pick<Base, 'vault'>,
  rule: LibraryRule,
  given: JsonObject,
  before: { secrets?: string | null },
): { settings: string; secrets: string | null } {
  const kept = secretsOf(base, { secrets: before.secrets ?? null });
  const settings: JsonObject = { ...kept, ...given };
  const read = rule.settings.safeParse(settings, { reportInput: true });
  if (read.success) return sealSettings(base, rule, jsonOf(read.data));
  const all = read.error.issues.map((issue) => ({
    property: ['settings', ...issue.path].map(String).join('.'),
    message: neededOf(rule, settings, issue.path) ?? issueInWords(issue),
  }));
  // Of each the first: what is of another kind altogether is also too short.
  const faults = all.filter(({ property }, place) => all.findIndex((one) => one.property === property) === place);
  const [first] = faults;
  const told = first ? `'${first.message}' on property ${first.property}` : "'Not valid'";
  throw new Problem('invalid_body', `Payload validation error: ${told}.`, { faults });
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
