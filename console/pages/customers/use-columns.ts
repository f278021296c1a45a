import { useLocalStorage } from '@mantine/hooks';
import type { Attribute } from './api.ts';
import { type Column, columnsOf, usualColumns } from './columns.ts';

export type Columns = {
  readonly all: readonly Column[];
  readonly shown: readonly Column[];
  readonly choose: (ids: string[]) => void;
};

/** The columns of the list; what somebody chose is kept in their browser. */
export function useColumns(catalogue: readonly Attribute[]): Columns {
  const [chosen, choose] = useLocalStorage<string[]>({
    key: 'customers.columns',
    defaultValue: [...usualColumns],
    getInitialValueInEffect: false,
  });
  const all = columnsOf(catalogue);
  return { all, shown: all.filter(({ id }) => chosen.includes(id)), choose };
}
