import { Badge, Card, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MoreButton } from '../../ui/more-button.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { day } from '../../ui/words.ts';
import type { User } from './api.ts';
import { type Asked, askedQuery } from './asked-api.ts';
import { textOf } from './value-text.ts';

const outcomes = {
  answered: { label: 'Answered', color: 'regulars' },
  skipped: { label: 'Left empty', color: 'gray' },
  not_now: { label: 'Not now', color: 'gray' },
  never: { label: 'Don’t ask again', color: 'red' },
} as const;

/** What the customer was asked, how that ended, and what they said. */
export function AskedQuestions({ user }: { user: User }) {
  const list = useInfiniteQuery(askedQuery(user.user_id));
  const { data, error, refetch } = list;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Questions are being read" />;
  const asked = data.pages.flat();
  return (
    <Card withBorder padding="md" component="section" aria-label="Questions">
      <Title order={2} size="h5" mb="xs">
        Questions
      </Title>
      {asked.length === 0 ? (
        <Text size="sm" c="dimmed">
          The customer was not asked anything yet.
        </Text>
      ) : null}
      <Stack gap="sm">
        {asked.map((one) => (
          <One key={one.id} asked={one} />
        ))}
      </Stack>
      <MoreButton list={list} />
    </Card>
  );
}

function One({ asked }: { asked: Asked }) {
  const { name, heading, said, consents, shown_at, sign_in_number, outcome } = asked;
  const ended = outcome === null ? { label: 'Page left', color: 'gray' } : outcomes[outcome];
  return (
    <div>
      <Text size="sm" fw={600} className="value">
        {name}{' '}
        <Badge size="sm" color={ended.color} variant="light">
          {ended.label}
        </Badge>
      </Text>
      <Text size="xs" c="dimmed">
        “{inWords(heading)}”, {day(shown_at)}, at sign-in {sign_in_number}
        {asked.place === 'embedded' ? ', inside the portal’s page' : ''}
      </Text>
      {said.map((one) => (
        <Text key={one.key} size="sm" className="value">
          {inWords(one.labels) ?? 'Consent'}: {answerOf(one)}
        </Text>
      ))}
      {consents.map(({ wording, language, given }) => (
        <Text key={wording} size="sm" className="value" lang={language}>
          {wording}: {given ? 'Yes' : 'No'}
        </Text>
      ))}
    </div>
  );
}

type Said = Asked['said'][number];

function answerOf({ answer, value }: Said): string {
  switch (answer) {
    case 'value':
      return textOf(value);
    case 'not_for_me':
      return 'not for me';
    case 'taken_back':
      return 'taken back since';
    case 'consent':
      return 'answered';
    case null:
      return '–';
  }
}

/** Texts as they were then, in English where there is any. */
function inWords(texts: Said['labels']): string | undefined {
  return texts.en ?? Object.values(texts)[0];
}
