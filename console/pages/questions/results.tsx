import { Badge, Button, Group, NativeSelect, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ListTable } from '../../ui/list-table.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { whole } from '../../ui/words.ts';
import { changeQuestion, type Question, type Results, resultsQuery } from './api.ts';
import { comparisonWords, dimensions, momentWords, nameIn, percent, spanWords, wayIn } from './figures.ts';
import { KnownOverTime } from './known.tsx';
import { type Moment, withMoment } from './moment.ts';
import type { Ground } from './use-ground.ts';

const spans = [
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '365', label: 'Last year' },
];

/** What came of it. */
export function ResultsPanel({
  question,
  ground,
  changed,
}: {
  question: Question;
  ground: Ground;
  changed: () => Promise<unknown>;
}) {
  const [days, setDays] = useState('30');
  const { data, error, refetch } = useQuery(resultsQuery(question.id, Number(days)));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <Stack gap="lg">
      <NativeSelect
        size="xs"
        maw={200}
        aria-label="Time"
        data={spans}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      {data ? null : <Loading label="Results are being counted" />}
      {data?.all.shown === 0 ? (
        <Empty title="Nobody was asked yet">
          {question.state === 'live'
            ? 'Results stand here once the first customers have seen it.'
            : 'It is not live: nobody is asked before it is.'}
        </Empty>
      ) : null}
      {data && data.all.shown > 0 ? (
        <>
          <Totals results={data} />
          <Comparisons results={data} />
          <Best results={data} question={question} ground={ground} changed={changed} />
          <Breakdown results={data} question={question} ground={ground} />
        </>
      ) : null}
      <KnownOverTime id={question.id} own={question.brand} days={Number(days)} ground={ground} />
    </Stack>
  );
}

function Totals({ results: { all } }: { results: Results }) {
  const figures = [
    ['Shown', whole(all.shown)],
    ['Answered', whole(all.answered)],
    ['Left empty', whole(all.skipped)],
    ['Not now', whole(all.not_now)],
    ['Don’t ask again', whole(all.never)],
    ['Page left', whole(all.abandoned)],
    ['Finished signing in', whole(all.finished)],
    ['Median time to answer', all.seconds === null ? '–' : `${whole(Math.round(all.seconds))} s`],
  ];
  return (
    <section aria-label="In all">
      <Text size="xl" fw={650} className="numbers">
        {all.rate ? `${percent(all.rate.share)} answer` : 'Nobody was asked'}
      </Text>
      {all.rate ? (
        <Text size="sm" c="dimmed" mb="sm">
          {spanWords(all.rate)}
        </Text>
      ) : null}
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs">
        {figures.map(([label, value]) => (
          <div key={label}>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
            <Text className="numbers">{value}</Text>
          </div>
        ))}
      </SimpleGrid>
    </section>
  );
}

function Comparisons({ results: { variants, finishing } }: { results: Results }) {
  if (!variants && !finishing) return null;
  return (
    <section aria-label="Compared">
      <Title order={2} size="h5" mb="xs">
        Compared
      </Title>
      <Stack gap={4}>
        {variants ? (
          <Text size="sm">
            The second way beside the first: {comparisonWords(variants, 'are answered', 'more often', 'less often')}
          </Text>
        ) : null}
        {finishing ? (
          <Text size="sm">
            Asking beside not asking: {comparisonWords(finishing, 'finish signing in', 'more often', 'less often')}
          </Text>
        ) : null}
      </Stack>
    </section>
  );
}

/** When it is answered best, to be set by one click. */
function Best({
  results: { best },
  question,
  ground,
  changed,
}: {
  results: Results;
  question: Question;
  ground: Ground;
  changed: () => Promise<unknown>;
}) {
  const may = useMay();
  const set = useMutation({
    mutationFn: (moment: Moment) => {
      const when = withMoment(question.content.when, moment);
      return changeQuestion(question.id, { content: { ...question.content, when }, if_version: question.version });
    },
    async onSuccess(_, moment) {
      await changed();
      tell({ message: `It is asked ${momentWords(moment, ground)} from now on.` });
    },
  });
  const found = (['sign_in', 'hour', 'portal'] as const).flatMap((of) => {
    const one = best[of];
    return one ? [{ moment: { of, value: one.of }, ...one }] : [];
  });
  return (
    <section aria-label="Best moment">
      <Title order={2} size="h5" mb="xs">
        Answered best
      </Title>
      {found.length === 0 ? (
        <Text size="sm" c="dimmed">
          Too early to tell: some more customers have to be asked first.
        </Text>
      ) : null}
      {set.error ? <Problem text={refusalOf(set.error).text} /> : null}
      <Stack gap="xs">
        {found.map(({ moment, rate, sure }) => (
          <Group key={moment.of} gap="sm">
            <Text size="sm">
              {momentWords(moment, ground)}: {percent(rate.share)} ({spanWords(rate)})
            </Text>
            {sure ? null : <Badge variant="default">not certain yet</Badge>}
            {sure && may('update:questions') ? (
              <Button
                size="xs"
                variant="default"
                loading={set.isPending && set.variables.of === moment.of}
                onClick={() => set.mutate(moment)}
              >
                Ask {momentWords(moment, ground)}
              </Button>
            ) : null}
          </Group>
        ))}
      </Stack>
    </section>
  );
}

function Breakdown({ results: { by }, question, ground }: { results: Results; question: Question; ground: Ground }) {
  const [shown, setShown] = useState<(typeof dimensions)[number]['value']>('sign_in');
  const rows = by[shown] ?? [];
  return (
    <section aria-label="In parts">
      <NativeSelect
        size="xs"
        maw={240}
        label="Answers by"
        data={dimensions.filter(({ value }) => by[value])}
        value={shown}
        onChange={(event) => {
          const chosen = dimensions.find(({ value }) => value === event.currentTarget.value);
          if (chosen) setShown(chosen.value);
        }}
      />
      <ListTable
        label="In parts"
        minWidth={900}
        heads={[
          ...['Which', 'Shown', 'Answered', 'Answer', 'Between (95%)', 'Median time'],
          ...['Left empty', 'Not now', 'Don’t ask again', 'Page left'],
        ]}
      >
        {rows.map((row) => (
          <tr key={row.of ?? ''}>
            <td className="value">
              {shown === 'variant' ? wayIn(question.content, row.of) : nameIn(shown, row.of, ground)}
            </td>
            <td className="numbers">{whole(row.shown)}</td>
            <td className="numbers">{whole(row.answered)}</td>
            <td className="numbers">{row.rate ? percent(row.rate.share) : '–'}</td>
            <td className="numbers">{row.rate ? `${percent(row.rate.low)} – ${percent(row.rate.high)}` : '–'}</td>
            <td className="numbers">{row.seconds === null ? '–' : `${whole(Math.round(row.seconds))} s`}</td>
            <td className="numbers">{whole(row.skipped)}</td>
            <td className="numbers">{whole(row.not_now)}</td>
            <td className="numbers">{whole(row.never)}</td>
            <td className="numbers">{whole(row.abandoned)}</td>
          </tr>
        ))}
      </ListTable>
    </section>
  );
}
