import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type Column, toCsv } from './csv.ts';
import { saveFile } from './save-file.ts';

/** Takes the rows of a list that is here as a whole along as a CSV file. */
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
      onClick={() => saveFile(`${name}.csv`, [toCsv(columns, rows)], 'text/csv')}
    >
      Export CSV
    </Button>
  );
}
