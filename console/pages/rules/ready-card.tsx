import { Badge, Group, List } from '@mantine/core';
import type { LibraryRule } from '../../../contract/rules.ts';
import { Sentence } from '../../ui/wording.tsx';

const consents: Readonly<Record<string, string>> = {
  profiling: 'profiling',
  enrichment: 'enrichment',
  email: 'mails',
  sms: 'text messages',
};

/** What a ready rule needs, and what it does with people. */
export function ReadyMarks({ rule }: { rule: LibraryRule }) {
  return (
    <Group gap="xs">
      {rule.needs_consent === null ? (
        <Badge variant="default">No consent needed</Badge>
      ) : (
        <Badge color="yellow" variant="light">
          Needs consent: {consents[rule.needs_consent] ?? rule.needs_consent}
        </Badge>
      )}
      {rule.calls_outside ? <Badge variant="default">Calls outside</Badge> : null}
      {rule.on_failure === 'refuse' ? <Badge variant="default">May refuse sign-ins</Badge> : null}
    </Group>
  );
}

/** Which consent it needs, or that it needs none, and why that is so. */
export function ReadyConsent({ rule: { needs_consent: purpose, consent_why: why } }: { rule: LibraryRule }) {
  const needed =
    purpose === null
      ? 'No consent is needed.'
      : `It runs only for customers who allow ${consents[purpose] ?? purpose}.`;
  return <Sentence text={`${needed} ${why}`} />;
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
      <List.Item>
        <ReadyConsent rule={rule} />
      </List.Item>
    </List>
  );
}
