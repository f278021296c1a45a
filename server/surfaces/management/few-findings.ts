import { type Finding, mostFindings } from '../../../contract/code-check.ts';

/**
 * What is told of one script: each once, and no more than can be read. Where there are more, those because of which it does
 * not run come before others, and the last says how many are left out and what they would say of the whole.
 */
export function fewFindings(findings: readonly Finding[]): Finding[] {
  const once = [...Map.groupBy(findings, ({ message }) => message).values()].flatMap(([first]) => first ?? []);
  if (once.length <= mostFindings) return once;
  const byWeight = once.toSorted((one, other) => weightOf(other) - weightOf(one));
  const told = new Set(byWeight.slice(0, mostFindings - 1));
  const left = byWeight.slice(mostFindings - 1);
  const line = once.reduce((last, one) => Math.max(last, one.line ?? 0), 0);
  return [
    ...once.filter((one) => told.has(one)),
    {
      message: `${line > 0 ? 'Up to here there' : 'There'} are ${left.length} more: mend the others first.`,
      line: line > 0 ? line : null,
      stops: left.some(({ stops }) => stops),
      waits: left.some(({ waits }) => waits),
    },
  ];
}

function weightOf({ stops, waits }: Finding): number {
  return (stops ? 2 : 0) + (waits ? 1 : 0);
}
