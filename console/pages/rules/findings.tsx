import { useQuery } from '@tanstack/react-query';
import type { Rule } from '../../../contract/rules.ts';
import { FindingsAlert } from '../../ui/findings.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { checkQuery } from './api.ts';

/** What is to be said of a rule that is saved: what would fail at sign-ins is better known before it is on. */
export function FindingsOf({ rule }: { rule: Pick<Rule, 'name' | 'script'> }) {
  const may = useMayWriteCode()('create:rules');
  const { data = [] } = useQuery({ ...checkQuery(rule), enabled: may });
  return <FindingsAlert findings={data} />;
}
