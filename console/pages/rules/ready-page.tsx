import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useParams } from '@tanstack/react-router';
import type { LibraryRule } from '../../../contract/rules.ts';
import { useForm } from '../../ui/form.ts';
import { MakeForm } from '../../ui/make-form.tsx';
import { Page } from '../../ui/page.tsx';
import { libraryQuery } from '../../ui/rules-library.ts';
import { rulesQuery } from '../../ui/running-rules.ts';
import { Empty, Failed, Loading, NotAllowed } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { addFromLibrary } from './api.ts';
import { ReadyAbout, ReadyMarks } from './ready-card.tsx';
import { useMayFillIn } from './rights.ts';
import { SettingsForm } from './settings-form.tsx';
import { fieldsOf, settingsOf, typedOf } from './settings-schema.ts';

export const route = createLazyRoute('/rules/library/$library')({ component: ReadyPage });

function ReadyPage() {
  const { library } = useParams({ from: '/rules/library/$library' });
  const { data, error, refetch } = useQuery(libraryQuery);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The library is being read" />;
  const rule = data.find(({ id }) => id === library);
  if (!rule) return <Empty title="No such rule">The library has no rule of this name (any more).</Empty>;
  return <Ready key={rule.id} rule={rule} />;
}

function Ready({ rule }: { rule: LibraryRule }) {
  const { data: running, error, refetch } = useQuery(rulesQuery);
  const added = running?.rules.find(({ library }) => library === rule.id);
  const may = useMayFillIn();
  return (
    <Page title={rule.name}>
      <ReadyMarks rule={rule} />
      <ReadyAbout rule={rule} />
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!running && !error ? <Loading label="Rules are being read" /> : null}
      {added ? (
        <Text size="sm">
          It is here already:{' '}
          <Anchor component={Link} size="sm" underline="always" to={`/rules/${added.id}`}>
            change it there
          </Anchor>
          .
        </Text>
      ) : null}
      {running && !added ? may('create:rules', rule) ? <Add rule={rule} /> : <Beyond rule={rule} /> : null}
    </Page>
  );
}

/** Why somebody who may switch on others may not switch on this one. */
function Beyond({ rule }: { rule: LibraryRule }) {
  const refuses = rule.on_failure === 'refuse';
  const does = rule.calls_outside
    ? 'calls another server'
    : refuses
      ? 'may refuse sign-ins'
      : 'leads to another server';
  return (
    <>
      <NotAllowed />
      {rule.needs_code ? <Text size="sm">A rule that {does} is switched on by who may write code.</Text> : null}
    </>
  );
}

function Add({ rule }: { rule: LibraryRule }) {
  const fields = fieldsOf(rule.settings);
  const form = useForm({ settings: typedOf(fields, {}) });
  const navigate = useNavigate();
  const queryClient = useQueryClient();

  async function make(): Promise<void> {
    let id = '';
    const isMade = await form.save(async () => {
      ({ id } = await addFromLibrary(rule.id, settingsOf(fields, form.values.settings)));
    });
    if (!isMade) return;
    tell({ message: `${rule.name} is on.` });
    await navigate({ to: '/rules/$id', params: { id } });
    await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
  }

  return (
    <MakeForm form={form} make={make} label="Switch it on" cancel={() => void navigate({ to: '/rules/library' })}>
      <Stack maw={720}>
        <SettingsForm
          fields={fields}
          typed={form.values.settings}
          set={(name, value) => form.set('settings', { ...form.values.settings, [name]: value }, `settings.${name}`)}
          refusedAt={(name) => form.refusedAt(`settings.${name}`)}
          secretsSet={[]}
          disabled={false}
        />
      </Stack>
    </MakeForm>
  );
}
