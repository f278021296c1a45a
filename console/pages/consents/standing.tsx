import { Badge, Group, Text } from '@mantine/core';
import type { Consent, Wording } from './api.ts';

/** Which words customers are asked in, and what waits to be published. */
export function WordsStanding({ consent: { version, drafts } }: { consent: Pick<Consent, 'version' | 'drafts'> }) {
  const [newest, ...others] = drafts;
  return (
    <Group gap={6}>
      {version === null ? (
        <Text size="sm">No words published yet: nobody is asked</Text>
      ) : (
        <Badge miw="max-content" tt="none">
          Version {version} in force
        </Badge>
      )}
      {newest === undefined ? null : (
        <Badge color="gray.7" miw="max-content" tt="none">
          {others.length === 0 ? `Draft: ${newest}` : `${drafts.length} drafts`}
        </Badge>
      )}
    </Group>
  );
}

const states = {
  draft: { label: 'Draft', color: 'gray.7' },
  in_force: { label: 'In force', color: 'regulars' },
  superseded: { label: 'Replaced', color: 'gray.7' },
  withdrawn: { label: 'Withdrawn', color: 'red.9' },
} as const;

/** What became of a version. */
export function VersionState({ status }: Pick<Wording, 'status'>) {
  const { label, color } = states[status];
  return (
    <Badge color={color} miw="max-content">
      {label}
    </Badge>
  );
}
