import { Button, Stack, Tabs } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { useForm } from '../../ui/form.ts';
import { Page } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { changeQuestion, type Question, questionQuery, questionsQuery, removeQuestion } from './api.ts';
import { QuestionForm } from './question-form.tsx';
import { StateSwitch } from './state-switch.tsx';
import { useGround } from './use-ground.ts';
import { bodyOf, valuesOf } from './values.ts';

// What is looked at behind a tab is fetched with it.
const AudiencePanel = lazy(() => import('./audience.tsx').then((module) => ({ default: module.AudiencePanel })));
const TrialPanel = lazy(() => import('./trial.tsx').then((module) => ({ default: module.TrialPanel })));
const ResultsPanel = lazy(() => import('./results.tsx').then((module) => ({ default: module.ResultsPanel })));

export const route = createLazyRoute('/questions/$id')({ component: QuestionPage });

function QuestionPage() {
  const { id } = useParams({ from: '/questions/$id' });
  const { data, error, refetch } = useQuery(questionQuery(id));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The question is being read" />;
  return <Known key={id} question={data} reload={async () => (await refetch()).data} />;
}

function Known({ question, reload }: { question: Question; reload: () => Promise<Question | undefined> }) {
  const { id } = question;
  const [asks, setAsks] = useState(false);
  const [tab, setTab] = useState<string | null>('edit');
  const may = useMay();
  const ground = useGround();
  const form = useForm(valuesOf(question));
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const disabled = !may('update:questions');

  async function reloadAll(): Promise<Question | undefined> {
    const [again] = await Promise.all([
      reload(),
      queryClient.invalidateQueries({ queryKey: questionsQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: ['question-audience', id] }),
    ]);
    return again;
  }

  async function save(overwrite: boolean): Promise<void> {
    let saved: Question | undefined;
    const isSaved = await form.save(async () => {
      const body = bodyOf(form.values, ground.fields);
      saved = await changeQuestion(id, { ...body, ...(overwrite ? {} : { if_version: question.version }) });
      await reloadAll();
    });
    if (!isSaved || !saved) return;
    form.reset(valuesOf(saved));
    tell({
      message: 'Saved. It counts from the next sign-in on; who looks at it now answers what they see.',
    });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reloadAll();
    if (theirs) form.reset(valuesOf(theirs));
  }

  return (
    <Page
      title={question.name}
      actions={
        <>
          <StateSwitch question={question} changed={reloadAll} />
          <Button component={Link} to="/questions" variant="default">
            All questions
          </Button>
          {may('delete:questions') ? (
            <Button variant="default" onClick={() => setAsks(true)}>
              Remove
            </Button>
          ) : null}
        </>
      }
    >
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List className="wraps">
          <Tabs.Tab value="edit">Question</Tabs.Tab>
          {may('read:users') ? (
            <>
              <Tabs.Tab value="audience">Who would see it</Tabs.Tab>
              <Tabs.Tab value="trial">Try it</Tabs.Tab>
            </>
          ) : null}
          <Tabs.Tab value="results">Results</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit" pt="md">
          <form noValidate onSubmit={(event) => event.preventDefault()}>
            <Stack gap="md">
              <QuestionForm form={form} ground={ground} disabled={disabled} />
              {disabled ? null : (
                <SaveBar form={form} save={(overwrite) => void save(overwrite)} reload={() => void showTheirs()} />
              )}
            </Stack>
          </form>
        </Tabs.Panel>
        <Tabs.Panel value="audience" pt="md">
          <Suspense fallback={<Loading label="Who would see it is being fetched" />}>
            <AudiencePanel id={id} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="trial" pt="md">
          <Suspense fallback={<Loading label="The trial is being fetched" />}>
            <TrialPanel question={question} ground={ground} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="results" pt="md">
          <Suspense fallback={<Loading label="Results are being fetched" />}>
            <ResultsPanel
              question={question}
              ground={ground}
              changed={async () => {
                const again = await reloadAll();
                if (again) form.reset(valuesOf(again));
              }}
            />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
      {asks ? (
        <Ask
          title={`Remove ${question.name}?`}
          yes="Remove it"
          typed={question.name}
          close={() => setAsks(false)}
          act={async () => {
            await removeQuestion(id);
            await queryClient.invalidateQueries({ queryKey: questionsQuery.queryKey });
            form.reset();
            await navigate({ to: '/questions', ignoreBlocker: true });
          }}
        >
          Nobody is asked it from now on, and its results are gone from here. What customers said stays in their
          profiles. To have it rest, pause it instead.
        </Ask>
      ) : null}
    </Page>
  );
}
