import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { ruleRunningList } from '../../contract/rules.ts';
import { call } from './api.ts';

export type RunningRules = z.infer<typeof ruleRunningList>;

/** All rules in their order, and how they do; looked at again while the page is open. */
export const rulesQuery = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => call<RunningRules>('/rules/running', { signal }),
  refetchInterval: 15_000,
});
