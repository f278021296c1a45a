import { Badge, Group, Text } from '@mantine/core';
import type { LastHour } from '../../contract/rules.ts';
import { whole } from './words.ts';

/** The heads above `LastHourCells`. */
export const lastHourHeads = ['Runs', '95 % within', 'Refused', 'Errors'] as const;

/** What the figures are of. */
export const lastHourTold = 'Runs, times and errors are those of the last hour.';

/** Of what has not run. */
export const notRun: LastHour = { runs: 0, refusals: 0, errors: 0, p50_ms: null, p95_ms: null };

/** How a rule or an action did within the last hour, as cells of its row. */
export function LastHourCells({ lastHour: { runs, refusals, errors, p95_ms } }: { lastHour: LastHour }) {
  return (
    <>
      <td className="numbers">{whole(runs)}</td>
      <td className="numbers">{time(p95_ms)}</td>
      <td className="numbers">{whole(refusals)}</td>
      <td className="numbers">{errors > 0 ? <Badge color="red.9">{whole(errors)}</Badge> : whole(errors)}</td>
    </>
  );
}

/** The same in a line, for phones. */
export function LastHourLine({ lastHour: { runs, refusals, errors, p95_ms } }: { lastHour: LastHour }) {
  return (
    <Group gap="xs">
      <Text size="sm">
        {counted(runs, 'run')}
        {p95_ms === null ? '' : ` · 95 % ${p95_ms < leastMs ? '' : 'within '}${time(p95_ms)}`} · {whole(refusals)}{' '}
        refused{errors > 0 ? '' : ' · 0 errors'}
      </Text>
      {errors > 0 ? <Badge color="red.9">{counted(errors, 'error')}</Badge> : null}
    </Group>
  );
}

const leastMs = 0.05;

/** A time of the last hour: to a tenth where that says something; none: it did not run. */
export function time(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < leastMs) return 'under 0.1 ms';
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${whole(Math.round(ms))} ms`;
}

function counted(count: number, what: string): string {
  return `${whole(count)} ${what}${count === 1 ? '' : 's'}`;
}
