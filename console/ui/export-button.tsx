import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type Column, toCsv } from './csv.ts';

/** Takes the rows that are loaded along as a CSV file. */
export function ExportButton<Row>({
  name,
  columns,
  rows,
}: {
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}) {
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      disabled={rows.length === 0}
      onClick={() => save(`${name}.csv`, toCsv(columns, rows))}
    >
      Export CSV
    </Button>
  );
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
