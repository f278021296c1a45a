import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
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
  const read = rule.settings.safeParse({ ...kept, ...given });
  if (read.success) return sealSettings(base, rule, jsonOf(read.data));
  const [issue] = read.error.issues;
  const path = ['settings', ...(issue?.path ?? [])].map(String).join('.');
  throw new Problem(
    'invalid_body',
    `Payload validation error: '${issue?.message ?? 'Not valid'}' on property ${path}.`,
  );
}

/** Left-out settings are none, as in JSON. */
function jsonOf(settings: object): JsonObject {
  return JSON.parse(JSON.stringify(settings));
}
