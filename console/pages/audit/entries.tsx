import { Badge, Button, Code, Group, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { ListTable } from '../../ui/list-table.tsx';
import { moment } from '../../ui/words.ts';
import type { AuditEntry } from './api.ts';

/** What is done, in words; the first is any of it. */
export const acts = [
  { value: '', label: 'Everything' },
  { value: 'read', label: 'Looked at' },
  { value: 'create', label: 'Made' },
  { value: 'change', label: 'Changed' },
  { value: 'delete', label: 'Removed' },
  { value: 'refuse', label: 'Refused' },
];

const colours: Readonly<Record<AuditEntry['act'], string>> = {
  read: 'gray',
  create: 'regulars',
  change: 'blue',
  delete: 'orange',
  refuse: 'red',
};

/** Rows of the log. Whose name is pressed is asked for alone. */
export function Entries({
  entries,
  choose,
}: {
  entries: readonly AuditEntry[];
  choose: (by: AuditEntry['by']) => void;
}) {
  const isNarrow = useMediaQuery('(max-width: 48em)');
  return (
    <ListTable
      label="Entries"
      minWidth={isNarrow ? 300 : 860}
      heads={isNarrow ? ['What, when and by whom'] : ['When', 'Who', 'What', 'Where from']}
    >
      {entries.map((entry) =>
        isNarrow ? (
          <tr key={entry.id}>
            <td className="value">
              <What entry={entry} />
              <Text size="xs" c="dimmed">
                {[moment(entry.at), entry.ip].filter(Boolean).join(' · ')}
              </Text>
              <Who by={entry.by} choose={choose} />
            </td>
          </tr>
        ) : (
          <tr key={entry.id}>
            <td style={{ whiteSpace: 'nowrap' }}>{moment(entry.at)}</td>
            <td className="value" style={{ minWidth: 170 }}>
              <Who by={entry.by} choose={choose} />
            </td>
            <td className="value">
              <What entry={entry} />
            </td>
            <td className="value">
              <Text size="xs" c="dimmed">
                {entry.ip}
              </Text>
            </td>
          </tr>
        ),
      )}
    </ListTable>
  );
}

function Who({ by, choose }: { by: AuditEntry['by']; choose: (by: AuditEntry['by']) => void }) {
  return (
    <Button variant="subtle" size="compact-xs" onClick={() => choose(by)} title={`Only what ${whoOf(by)} did`}>
      {whoOf(by)}
    </Button>
  );
}

/** What somebody was called when they did it. */
export function whoOf(by: AuditEntry['by']): string {
  return by.kind === 'machine' ? `${by.name} (machine)` : by.name;
}

function What({ entry }: { entry: AuditEntry }) {
  return (
    <>
      <Group gap="xs">
        <Badge variant="light" color={colours[entry.act]}>
          {acts.find(({ value }) => value === entry.act)?.label}
        </Badge>
        <Text size="sm">{entry.summary}</Text>
      </Group>
      <Text size="xs" c="dimmed">
        {[entry.user_id ?? entry.thing, entry.paths.join(', ')].filter(Boolean).join(' · ')}
      </Text>
      <Changes changes={entry.changes} />
    </>
  );
}

/** What values were and became, folded up. */
function Changes({ changes }: Pick<AuditEntry, 'changes'>) {
  const all = Object.entries(changes);
  if (all.length === 0) return null;
  return (
    <details>
      <Text component="summary" size="xs" className="clickable">
        Values
      </Text>
      {all.map(([path, { before, after }]) => (
        <Text key={path} size="xs" className="value">
          {path}: <Code>{shown(before)}</Code> to <Code>{shown(after)}</Code>
        </Text>
      ))}
    </details>
  );
}

const most = 500;

/** A value, cut where it is long; nothing where there was none. */
function shown(value: unknown): string {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value);
  return text.length > most ? `${text.slice(0, most)} …` : text;
}
