import { wayInWords } from '../../../contract/library-values.ts';
import type { ApiTimelineRow } from '../../../contract/timeline.ts';

type Row = Pick<ApiTimelineRow, 'data'>;

// For programs, or told by the sentence or the line below already.
const untold = new Set(
  'language origin by act amr acr grant merge session device client rule_name asking question path purpose topic'.split(
    ' ',
  ),
);
const labels: Readonly<Record<string, string>> = {
  identifier: 'typed',
  reason: 'why',
  version: 'wording',
};

/** What is worth a line of what else is known: "with a password · why: Not today." */
export function detailOf(data: Row['data']): string {
  const isTold = (name: string) => untold.has(name) || (name === 'rule' && typeof data.rule_name === 'string');
  const parts = Object.entries(data).filter(
    ([name, value]) => typeof value === 'string' && value !== '' && !isTold(name),
  );
  // A reason is sentences of its own: nothing follows it.
  const isReason = ([name]: (typeof parts)[number]) => name === 'reason';
  return parts
    .slice(0, 4)
    .sort((a, b) => Number(isReason(a)) - Number(isReason(b)))
    .map(([name, value]) => {
      const text = String(value).slice(0, 200);
      if (name === 'connection') return wayInWords(text, 'en');
      return `${labels[name] ?? name.replaceAll('_', ' ')}: ${text}`;
    })
    .join(' · ');
}
