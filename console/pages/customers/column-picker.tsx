import { Button, Checkbox, Popover, ScrollArea, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconColumns3 } from '@tabler/icons-react';
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

/** Chooses which columns are shown. */
export function ColumnPicker({ columns: { all, shown, choose } }: { columns: Columns }) {
  return (
    <Popover position="bottom-end" width={260} trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={14} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea.Autosize mah={320} offsetScrollbars>
          <Checkbox.Group value={shown.map(({ id }) => id)} onChange={choose} aria-label="Columns">
            <Stack gap={6}>
              {all.map(({ id, label }) => (
                <Checkbox key={id} value={id} label={label} size="xs" />
              ))}
            </Stack>
          </Checkbox.Group>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
