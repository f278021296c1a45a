import { Stack, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useSearch } from '@tanstack/react-router';
import { useForm } from '../../ui/form.ts';
import { MakeForm } from '../../ui/make-form.tsx';
import { Page } from '../../ui/page.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { makeQuestion, questionQuery, questionsQuery } from './api.ts';
import { blank, patterns } from './patterns.ts';
import { QuestionForm } from './question-form.tsx';
import { Patterns } from './ready-patterns.tsx';
import { useGround } from './use-ground.ts';
import { type Beginning, bodyOf, valuesOf } from './values.ts';

export const route = createLazyRoute('/questions/new')({ component: NewPage });

function NewPage() {
  const { from, copy } = useSearch({ from: '/questions/new' });
  const original = useQuery({ ...questionQuery(copy ?? ''), enabled: copy !== undefined });
  if (copy !== undefined) {
    if (original.error) return <Failed error={original.error} retry={() => void original.refetch()} />;
    if (!original.data) return <Loading label="The question is being read" />;
    const { name, ...rest } = original.data;
    return <Editor key={copy} beginning={{ ...rest, name: `${name}, copy`.slice(0, 100) }} isBlank={false} />;
  }
  const pattern = patterns.find(({ id }) => id === from);
  return <Editor key={from ?? ''} beginning={pattern?.beginning ?? blank} isBlank={pattern === undefined} />;
}

function Editor({ beginning, isBlank }: { beginning: Beginning; isBlank: boolean }) {
  const form = useForm(valuesOf(beginning));
  const ground = useGround();
  const navigate = useNavigate();
  const queryClient = useQueryClient();

  async function make(): Promise<void> {
    let id = '';
    const isMade = await form.save(async () => {
      ({ id } = await makeQuestion(bodyOf(form.values, ground.fields)));
      await queryClient.invalidateQueries({ queryKey: questionsQuery.queryKey });
    });
    if (!isMade) return;
    tell({ message: `${form.values.name} is made, as a draft: nobody is asked before it goes live.` });
    await navigate({ to: '/questions/$id', params: { id } });
  }

  return (
    <Page title="New question" about="A draft at first: nobody is asked before it goes live.">
      {isBlank ? (
        <Stack gap="xs">
          <Title order={2} size="h5">
            Begin with a ready one
          </Title>
          <Patterns />
        </Stack>
      ) : null}
      <MakeForm form={form} make={make} label="Make the question" cancel={() => void navigate({ to: '/questions' })}>
        <QuestionForm form={form} ground={ground} disabled={false} />
      </MakeForm>
    </Page>
  );
}
