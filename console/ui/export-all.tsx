import { Button, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from './api.ts';
import { type Column, csvHead, csvLines } from './csv.ts';
import { refusalOf } from './refusal.ts';
import { saveFile } from './save-file.ts';
import { whole } from './words.ts';

/** A part of a list, and how to get at the next one: none where it ends. */
export type Part<Row> = { readonly rows: readonly Row[]; readonly next: string | undefined };

const mostRows = 100_000;

type State = { readonly is: 'running'; readonly count: number } | { readonly is: 'done'; readonly words: string };

/**
 * Takes a whole list along as a CSV file, a part after the other: how far it is can be seen, and it can be stopped. A
 * list that is longer than a spreadsheet is of use for ends at 100,000 rows, and says so.
 *
 * Not a download that the server streams, as the audit log's NDJSON is: the file has the columns and the words of the
 * list that is seen, and one that breaks off half-way is no file, rather than one that looks whole.
 */
export function ExportAll<Row>({
  name,
  columns,
  read,
  disabled,
}: {
  name: string;
  columns: readonly Column<Row>[];
  read: (from: string | undefined, signal: AbortSignal) => Promise<Part<Row>>;
  disabled: boolean;
}) {
  const [state, setState] = useState<State>();
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);

  async function go(): Promise<void> {
    const stop = new AbortController();
    stopping.current = stop;
    const parts = [csvHead(columns)];
    let count = 0;
    setState({ is: 'running', count: 0 });
    try {
      let from: string | undefined;
      do {
        const part = await unhurried(() => read(from, stop.signal));
        const rows = part.rows.slice(0, mostRows - count);
        parts.push(csvLines(columns, rows));
        count += rows.length;
        from = part.next;
        setState({ is: 'running', count });
      } while (from !== undefined && count < mostRows && !stop.signal.aborted);
      if (stop.signal.aborted) return;
      saveFile(`${name}.csv`, parts, 'text/csv');
      const more = from === undefined ? '' : ', the first of more: filter the list to take the others';
      setState({ is: 'done', words: `${whole(count)} rows are in the file${more}.` });
    } catch (error) {
      if (!stop.signal.aborted) setState({ is: 'done', words: `Not exported. ${refusalOf(error).text}` });
    }
  }

  function stop(): void {
    stopping.current?.abort();
    setState({ is: 'done', words: 'Stopped; nothing was saved.' });
  }

  const isRunning = state?.is === 'running';
  const words = isRunning ? `${whole(state.count)} rows so far` : state?.words;
  return (
    <Group gap={words === undefined ? 0 : 'xs'}>
      <Text size="xs" c="dimmed" role="status" aria-live="polite" className="numbers">
        {words}
      </Text>
      {isRunning ? (
        <Button variant="default" onClick={stop}>
          Stop
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={disabled}
          onClick={() => void go()}
        >
          Export CSV
        </Button>
      )}
    </Group>
  );
}

const tries = 5;
const pauseMs = 1000;

/** Who calls too often is told so, and may again a moment later. */
async function unhurried<T>(act: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 429) || count === tries) throw error;
      await new Promise((done) => setTimeout(done, pauseMs));
    }
  }
}
