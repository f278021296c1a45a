import type { Rule, RuleRunning } from '../../../contract/rules.ts';
import type { Base } from '../../base/base.ts';
import { libraryOf, type RuleRow, type RuleStatistics, scriptOf, secretNamesOf } from '../../features/rules/rules.ts';

/** A rule as Auth0 shows it; that of the library with the library's script. */
export function showRule(base: Pick<Base, 'settings'>, { id, name, script, library, place, enabled }: RuleRow): Rule {
  const known = library === null ? undefined : libraryOf(base).get(library);
  const text = script ?? (known ? scriptOf(known) : '');
  return { id, name, script: text, order: place, enabled, stage: 'login_success' };
}

/** How a rule runs, and how it did. */
export function showRunning(
  base: Pick<Base, 'vault'>,
  row: RuleRow,
  lastHour: RuleStatistics | undefined,
): RuleRunning {
  const { id, name, place, enabled, on_failure, deadline_ms, library, settings, version, updated_at } = row;
  return {
    ...{ id, name, order: place, enabled, deadline_ms, library, version },
    on_failure: on_failure === 'go_on' ? 'go_on' : 'refuse',
    settings: settings === null ? null : { ...Object(settings) },
    secret_settings: secretNamesOf(base, row),
    updated_at: updated_at.toISOString(),
    last_hour: showLastHour(lastHour),
  };
}

/** How a rule or an action did within the last hour. */
export function showLastHour(statistics: RuleStatistics | undefined): RuleRunning['last_hour'] {
  const { runs = 0, refusals = 0, errors = 0, p50 = null, p95 = null } = statistics ?? {};
  return { runs, refusals, errors, p50_ms: p50, p95_ms: p95 };
}
