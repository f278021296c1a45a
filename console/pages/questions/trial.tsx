import { Anchor, Badge, Box, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { customerCalled } from '../../ui/customer-called.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { useMay } from '../../ui/session.ts';
import { StillFrame } from '../../ui/still-frame.tsx';
import { type Question, type Trial, tryQuestion } from './api.ts';
import { nameIn } from './figures.ts';
import type { Ground } from './use-ground.ts';

type Verdict = Trial['questions'][number]['verdict'];

const why: Readonly<Record<Verdict, string>> = {
  due: 'It is due',
  other_place: 'Asked in the other place: on our page, or in the portal’s own',
  other_brand: 'Asked at another brand',
  not_yet: 'Its time has not begun',
  over: 'Its time is over',
  condition: 'Its condition does not hold',
  broken: 'Its condition cannot be evaluated',
  nothing_left: 'All of it is known, was answered, or is sensitive and they allowed no profiling',
  never_again: 'They do not want to be asked this again',
  held_back: 'They said “not now” lately',
  pause: 'They were asked something lately',
  hidden: 'It looks at what your role may not see',
};

const instead: Readonly<Record<NonNullable<Trial['instead']>, string>> = {
  blocked: 'They are blocked: nobody asks them anything, they do not come in.',
  consent: 'A consent comes first at their next sign-in; a question waits for the one after.',
  account_pages: 'They came to the account pages last, where nobody is asked anything.',
};

/** What a customer would be asked at their next sign-in. Nothing is kept, and they notice nothing. */
export function TrialPanel({ question, ground }: { question: Question; ground: Ground }) {
  const may = useMay();
  const [who, setWho] = useState('');
  const trial = useMutation({
    async mutationFn() {
      const user = await customerCalled(who);
      return { user, trial: await tryQuestion(question.id, user.user_id) };
    },
  });
  if (!may('read:users')) {
    return (
      <Text size="sm" c="dimmed">
        Your role does not see customers; ask somebody whose role does.
      </Text>
    );
  }
  return (
    <Stack gap="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          trial.mutate();
        }}
      >
        <Group gap="xs" align="flex-end" maw={640}>
          <TextInput
            label="Customer"
            description="user_id or e-mail address. Nothing is kept, and they notice nothing."
            flex={1}
            miw={220}
            maxLength={600}
            value={who}
            error={trial.error ? refusalOf(trial.error).text : undefined}
            onChange={(event) => setWho(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={trial.isPending}>
            Try
          </Button>
        </Group>
      </form>
      {trial.data ? (
        <Outcome
          question={question}
          ground={ground}
          trial={trial.data.trial}
          name={String(trial.data.user.name || trial.data.user.email || trial.data.user.user_id)}
        />
      ) : null}
    </Stack>
  );
}

function Outcome({
  question,
  ground,
  trial,
  name,
}: {
  question: Question;
  ground: Ground;
  trial: Trial;
  name: string;
}) {
  const { sign_in, questions, asked, html } = trial;
  if (!sign_in) {
    return (
      <Text size="sm" role="status" maw={640}>
        <b className="value">{name}</b> has not signed in at a brand of yours, or it is not known how: there is nothing
        to go by yet.
      </Text>
    );
  }
  const { number, portal, brand } = sign_in;
  const place = portal === null ? brand : nameIn('portal', portal, ground);
  return (
    <Stack gap="md">
      <div>
        <Text size="lg" fw={650} role="status" className="value">
          {summaryOf(trial, question)}
        </Text>
        <Text size="sm" c="dimmed" maw={640} className="value">
          If {name} came again now as they came last: to {place}
          {sign_in.device === null ? '' : `, by ${devices[sign_in.device]}`}, at {sign_in.hour}:00, as sign-in {number}.
          {question.state === 'live' ? '' : ' This question is not live; it is tried as if it were.'}
        </Text>
      </div>
      <ListTable label="In this order" minWidth={420} heads={['In this order', 'Why']}>
        {questions.map((one) => (
          <tr key={one.id}>
            <td className="value">
              {one.id === question.id ? (
                <b>{one.name}</b>
              ) : (
                <Anchor component={Link} size="sm" to={`/questions/${one.id}`}>
                  {one.name}
                </Anchor>
              )}
            </td>
            <td>
              <Group gap="xs">
                {one.id === asked ? <Badge>First that is due</Badge> : null}
                <Text size="sm">
                  {one.verdict === 'due' && one.id !== asked ? 'Due, but behind' : why[one.verdict]}
                </Text>
              </Group>
            </td>
          </tr>
        ))}
      </ListTable>
      {html !== null && trial.instead === null ? (
        <section aria-label="The page that they would see">
          <Title order={2} size="h5" mb="xs">
            The page that they would see
          </Title>
          <Box className="preview" data-width="phone">
            <StillFrame inert kind="page" title="Page that they would see" html={html} />
          </Box>
        </section>
      ) : null}
    </Stack>
  );
}

const devices = { desktop: 'computer', phone: 'phone', tablet: 'tablet' } as const;

function summaryOf({ asked, held_out, instead: other, questions }: Trial, question: Question): string {
  if (other !== null) return instead[other];
  if (asked === null) return 'They would be asked nothing.';
  const name = questions.find(({ id }) => id === asked)?.name ?? '';
  if (held_out) return `They are among those who are not asked “${name}”, to see the difference.`;
  return asked === question.id ? 'They would be asked this.' : `They would be asked “${name}”, which comes first.`;
}
