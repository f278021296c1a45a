import { Badge, Group, List } from '@mantine/core';
import type { LibraryRule } from '../../../contract/rules.ts';
import { Sentence } from '../../ui/wording.tsx';

const consents: Readonly<Record<string, string>> = {
  profiling: 'profiling',
  enrichment: 'learning from networks',
  email: 'mails',
  sms: 'text messages',
};

/** What a ready rule needs, and what it does with people. */
export function ReadyMarks({ rule }: { rule: LibraryRule }) {
  return (
    <Group gap="xs">
      {rule.needs_consent === null ? null : (
        <Badge color="yellow" variant="light">
          Needs consent: {consents[rule.needs_consent] ?? rule.needs_consent}
        </Badge>
      )}
      {rule.calls_outside ? <Badge variant="default">Calls outside</Badge> : null}
      {rule.on_failure === 'refuse' ? <Badge variant="default">May refuse sign-ins</Badge> : null}
    </Group>
  );
}

/** Why one would want it, and what it takes. */
export function ReadyAbout({ rule }: { rule: LibraryRule }) {
  return (
    <List size="sm" spacing={4}>
      <List.Item>
        <Sentence text={rule.does} />
      </List.Item>
      <List.Item>
        <Sentence text={rule.why} />
      </List.Item>
      <List.Item>
        <Sentence text={`Needs: ${rule.needs}`} />
      </List.Item>
      {rule.needs_consent === null ? null : (
        <List.Item>It does nothing for a customer who has not agreed to {consents[rule.needs_consent]}.</List.Item>
      )}
    </List>
  );
}
