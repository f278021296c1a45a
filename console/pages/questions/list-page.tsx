import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { type Question, questionsQuery } from './api.ts';
import { useBrandName } from './brand-name.ts';
import { QuestionTable } from './question-table.tsx';
import { Patterns } from './ready-patterns.tsx';

export const route = createLazyRoute('/questions')({ component: QuestionsPage });

const columnsBy = (brandName: (id: string | null) => string): readonly Column<Question>[] => [
  { name: 'Question', of: (question) => question.name },
  { name: 'Id', of: (question) => question.id },
  { name: 'Brand', of: (question) => brandName(question.brand) },
  { name: 'State', of: (question) => question.state },
  { name: 'Not before', of: (question) => question.starts_at },
  { name: 'Not after', of: (question) => question.ends_at },
];

function QuestionsPage() {
  const { data, error, refetch } = useQuery(questionsQuery);
  const may = useMay();
  const columns = columnsBy(useBrandName());
  return (
    <Page
      title="Questions"
      about="What customers are asked after a sign-in: one page with a field or a few, at a good moment, and never what is known already."
      actions={
        <>
          <ExportButton name="questions" columns={columns} rows={data ?? []} />
          {may('create:questions') ? (
            <Button component={Link} to="/questions/new">
              New question
            </Button>
          ) : null}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="Questions are being read" /> : null}
      {data && data.length > 0 ? (
        <>
          <QuestionTable questions={data} />
          <Text size="sm" c="dimmed">
            One is asked per sign-in at most: of those that are due, the first in this order.
          </Text>
        </>
      ) : null}
      {data?.length === 0 ? <Teach mayMake={may('create:questions')} /> : null}
    </Page>
  );
}

function Teach({ mayMake }: { mayMake: boolean }) {
  return (
    <Stack gap="md">
      <div>
        <Title order={2} size="h4">
          No question yet
        </Title>
        <Text c="dimmed" maw={640}>
          Ask little at the sign-up, and the rest when it fits. The sign-in is done before anything is asked: who says
          “not now” is in all the same.{mayMake ? ' Begin with one of these, and change what you like:' : ''}
        </Text>
      </div>
      {mayMake ? <Patterns /> : null}
    </Stack>
  );
}
