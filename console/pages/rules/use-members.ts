import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Members } from '../../ui/script-members.ts';
import { useMay } from '../../ui/session.ts';
import { configQuery } from './api.ts';
import { ruleMembers } from './members.ts';

/** What the editor of a rule offers: with the keys of the configuration, for whoever may see them. */
export function useRuleMembers(): Members {
  const { data } = useQuery({ ...configQuery, enabled: useMay()('read:rules_configs') });
  return useMemo(() => ruleMembers((data ?? []).map(({ key }) => key)), [data]);
}
