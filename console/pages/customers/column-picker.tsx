import { Button, Checkbox, Popover, ScrollArea, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { Columns } from './use-columns.ts';

/** Chooses which columns are shown. */
export function ColumnPicker({ columns: { all, shown, choose } }: { columns: Columns }) {
  return (
    <Popover position="bottom-end" width={260} trapFocus defaultOpened>
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
