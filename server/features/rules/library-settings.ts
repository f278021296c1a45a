import { z } from 'zod';
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
 * @throws Problem `invalid_body` that names the field
 */
export function readSettings(
  base: Pick<Base, 'vault'>,
  rule: LibraryRule,
  given: JsonObject,
  before: { secrets?: string | null },
): { settings: string; secrets: string | null } {
  const kept = secretsOf(base, { secrets: before.secrets ?? null });
  const settings: JsonObject = { ...kept, ...given };
  const read = rule.settings.safeParse(settings);
  if (read.success) return sealSettings(base, rule, jsonOf(read.data));
  const [issue] = read.error.issues;
  const path = ['settings', ...(issue?.path ?? [])].map(String).join('.');
  const what = neededOf(rule, settings, issue?.path ?? []) ?? issue?.message ?? 'Not valid';
  throw new Problem('invalid_body', `Payload validation error: '${what}' on property ${path}.`);
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
