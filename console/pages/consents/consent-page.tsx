import { Alert, Badge, Button, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Versioned } from '../../ui/api.ts';
import { Ask } from '../../ui/ask.tsx';
import { consentName, purposeOf } from '../../ui/consent-purposes.ts';
import { useForm } from '../../ui/form.ts';
import { Page } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { type Consent, changeConsent, consentQuery, removeConsent, wordingsQuery } from './api.ts';
import { SettingsForm } from './settings-form.tsx';
import { useBrandName, useMayChange } from './use-brands.ts';
import { patchOf, settingsOf } from './values.ts';
import { Words } from './words.tsx';

export const route = createLazyRoute('/consents/$id')({ component: ConsentPage });

function ConsentPage() {
  const { id } = useParams({ from: '/consents/$id' });
  const { data, error, refetch } = useQuery(consentQuery(id));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The consent is being read" />;
  return <Known key={id} known={data} reload={async () => (await refetch()).data} />;
}

type Reload = () => Promise<Versioned<Consent> | undefined>;

function Known({ known, reload }: { known: Versioned<Consent>; reload: Reload }) {
  const consent = known.value;
  const { id } = consent;
  const name = consentName(consent);
  const [asks, setAsks] = useState(false);
  const may = useMayChange();
  const { data: wordings } = useQuery(wordingsQuery(id));
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const wasNeverAsked = wordings?.every(({ status }) => status === 'draft') === true;
  return (
    <Page
      title={name}
      about={purposeOf(consent.purpose)?.allows}
      actions={
        <>
          <Button component={Link} to="/consents" variant="default">
            All consents
          </Button>
          {wasNeverAsked && may('delete:consents', consent.brand) ? (
            <Button variant="default" onClick={() => setAsks(true)}>
              Remove
            </Button>
          ) : null}
        </>
      }
    >
      <Standing consent={consent} />
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Words consent={consent} reload={reload} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Settings known={known} reload={reload} />
        </Grid.Col>
      </Grid>
      {asks ? (
        <Ask
          title={`Remove ${name}?`}
          yes="Remove it"
          close={() => setAsks(false)}
          act={async () => {
            await removeConsent(id);
            await queryClient.invalidateQueries({ queryKey: ['consents'] });
            tell({ message: `${name} is no longer in the catalogue.` });
            await navigate({ to: '/consents', ignoreBlocker: true });
          }}
        >
          It leaves the catalogue, and its drafts with it. Customers were never asked it, so nothing that they said is
          lost.
        </Ask>
      ) : null}
    </Page>
  );
}

/** Whose it is, and whether it is asked. */
function Standing({ consent: { brand, required, version, drafts } }: { consent: Consent }) {
  const brandName = useBrandName();
  return (
    <>
      <Group gap="xs">
        <Badge variant="default" tt="none">
          {brandName(brand)}
        </Badge>
        {required ? <Badge color="yellow.9">Required</Badge> : null}
      </Group>
      {version === null ? (
        <Alert color="yellow" title="Nobody is asked yet">
          {drafts.length === 0
            ? 'It has no words. Write them, in one language at least, and publish them.'
            : 'Its words are not published. What is a draft is asked of nobody.'}
        </Alert>
      ) : null}
    </>
  );
}

function Settings({ known, reload }: { known: Versioned<Consent>; reload: Reload }) {
  const consent = known.value;
  const form = useForm(settingsOf(consent));
  const may = useMay();
  const mayChange = useMayChange();
  const queryClient = useQueryClient();
  const disabled = !mayChange('update:consents', consent.brand);

  async function save(overwrite: boolean): Promise<void> {
    let saved: Consent | undefined;
    const isSaved = await form.save(async () => {
      saved = await changeConsent(consent.id, patchOf(form.values, consent), overwrite ? undefined : known.version);
      await Promise.all([reload(), queryClient.invalidateQueries({ queryKey: ['consents'] })]);
    });
    if (!isSaved || !saved) return;
    form.reset(settingsOf(saved));
    tell({ message: 'Saved. It counts from the next sign-in on.' });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset(settingsOf(theirs.value));
  }

  return (
    <section aria-label="How it is asked">
      <form noValidate onSubmit={(event) => event.preventDefault()}>
        <Stack gap="md">
          <Title order={2} size="h4">
            How it is asked
          </Title>
          {disabled && may('update:consents') ? (
            <Text size="sm" c="dimmed">
              All brands ask this: it is changed by who is limited to none.
            </Text>
          ) : null}
          <SettingsForm form={form} purpose={consent.purpose} disabled={disabled} />
          {disabled ? null : (
            <SaveBar form={form} save={(overwrite) => void save(overwrite)} reload={() => void showTheirs()} />
          )}
        </Stack>
      </form>
    </section>
  );
}
