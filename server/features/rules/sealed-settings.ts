import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { JsonObject } from '../../base/json.ts';
import type { LibraryRule } from './library-rule.ts';
import type { RuleRow } from './store.ts';

const context = 'rules.secrets';
const object = z.record(z.string(), z.json());

/** The secret settings of a library rule, unsealed: for the sandbox alone. */
export function secretsOf({ vault }: Pick<Base, 'vault'>, { secrets }: Pick<RuleRow, 'secrets'>): JsonObject {
  return secrets === null ? {} : object.parse(JSON.parse(vault.decrypt(secrets, context)));
}

/** Which of its settings are sealed and never shown again. */
function secretNames(rule: Pick<LibraryRule, 'settings'>): string[] {
  return namesMarked(rule, 'secret');
}

/** Which of its settings are addresses of servers that are told something. */
export function namesOutside(rule: Pick<LibraryRule, 'settings'>): string[] {
  return namesMarked(rule, 'outside');
}

function namesMarked({ settings }: Pick<LibraryRule, 'settings'>, mark: 'secret' | 'outside'): string[] {
  return Object.entries(settings.shape).flatMap(([name, field]) =>
    field instanceof z.ZodType && field.meta()?.[mark] === true ? [name] : [],
  );
}

/** Settings in two: what may be shown as it is, and what is sealed. */
export function sealSettings(
  { vault }: Pick<Base, 'vault'>,
  rule: Pick<LibraryRule, 'settings'>,
  settings: JsonObject,
): { settings: string; secrets: string | null } {
  const hidden = new Set(secretNames(rule));
  const part = (isHidden: boolean) =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => hidden.has(name) === isHidden));
  const secrets = JSON.stringify(part(true));
  return { settings: JSON.stringify(part(false)), secrets: secrets === '{}' ? null : vault.encrypt(secrets, context) };
}

/** Secret settings of a rule that have a value, by name; an empty text is none. */
export function secretNamesOf(base: Pick<Base, 'vault'>, row: Pick<RuleRow, 'secrets'>): string[] {
  return Object.entries(secretsOf(base, row)).flatMap(([name, value]) => (value === '' ? [] : [name]));
}
