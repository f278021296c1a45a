import { Badge, Group, List } from '@mantine/core';
import type { LibraryRule } from '../../../contract/rules.ts';
import { purposeOf } from '../../ui/consent-purposes.ts';
import { ConsentStanding, useConsentStanding } from '../../ui/consent-standing.tsx';
import { Sentence } from '../../ui/wording.tsx';

/** What a ready rule needs, and what it does with people. */
export function ReadyMarks({ rule }: { rule: LibraryRule }) {
  const standing = useConsentStanding();
  const purpose = purposeOf(rule.needs_consent ?? '')?.value;
  const isUnasked = purpose !== undefined && standing?.({ purpose, topic: null }).isAsked === false;
  return (
    <Group gap="xs">
      {rule.needs_consent === null ? (
        <Badge variant="default">No consent needed</Badge>
      ) : (
        <Badge color="yellow" variant="light">
          Needs consent: {purposeOf(rule.needs_consent)?.inSentence ?? rule.needs_consent}
        </Badge>
      )}
      {isUnasked && !rule.topic_is_enough ? <Badge color="red.9">Nobody is asked for it yet</Badge> : null}
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
      : `It runs only for customers who allow ${purposeOf(purpose)?.inSentence ?? purpose}.`;
  return <Sentence text={`${needed} ${why}`} />;
}

/** Whether customers are asked for the consent that it needs, and the way to that. */
function ReadyStanding({ rule: { needs_consent, topic_is_enough } }: { rule: LibraryRule }) {
  const purpose = purposeOf(needs_consent ?? '')?.value;
  if (purpose === undefined) return null;
  const otherwise = topic_is_enough
    ? 'It works for whoever says yes to the likes of one network, which is asked on the way there.'
    : undefined;
  return <ConsentStanding purpose={purpose} topic={null} otherwise={otherwise} />;
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
        <ReadyStanding rule={rule} />
      </List.Item>
    </List>
  );
}
