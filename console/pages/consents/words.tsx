import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import type { BrandName } from '../../ui/brand-names.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { moment } from '../../ui/words.ts';
import { type Consent, publishWording, removeWording, type Wording, withdrawWording, wordingsQuery } from './api.ts';
import { ReadWording } from './read-wording.tsx';
import { VersionState } from './standing.tsx';
import { languagesOf, wordsFor } from './texts.ts';
import { useBrands, useMayChange } from './use-brands.ts';
import { onPublish, onWithdraw } from './what-happens.ts';
import { ChangeWording, NewWording } from './wording-dialog.tsx';

type Deed = 'read' | 'change' | 'publish' | 'withdraw' | 'throw away';

/** The versions of a consent's words, the newest first, and what can be done with each. */
export function Words({ consent, reload }: { consent: Consent; reload: () => Promise<unknown> }) {
  const { data, error, refetch } = useQuery(wordingsQuery(consent.id));
  const [opened, setOpened] = useState<{ deed: Deed; wording: Wording } | 'new'>();
  const may = useMayChange();
  const brands = useBrands();
  const queryClient = useQueryClient();
  const brand = consent.brand === null ? brands[0] : brands.find(({ id }) => id === consent.brand);
  const close = () => setOpened(undefined);
  const mayWrite = may('create:consents', consent.brand);

  async function changed(): Promise<void> {
    await Promise.all([refetch(), reload(), queryClient.invalidateQueries({ queryKey: ['consents'] })]);
  }

  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The words are being read" />;
  const inForce = data.find(({ status }) => status === 'in_force');
  return (
    <Stack gap="sm" component="section" aria-label="Words">
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h4">
          Words
        </Title>
        {mayWrite ? (
          <Button variant={data.length === 0 ? 'filled' : 'default'} onClick={() => setOpened('new')}>
            {data.length === 0 ? 'Write the words' : 'New version'}
          </Button>
        ) : null}
      </Group>
      {data.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing is written yet. What is written is a draft at first, and is asked once it is published.
        </Text>
      ) : (
        <ul className="kinds" aria-label="Versions">
          {data.map((wording) => (
            <Version
              key={wording.version}
              wording={wording}
              consent={consent}
              speaks={brand?.default_language ?? 'en'}
              brandName={(consent.brand !== null && brand?.name) || '{brand}'}
              open={(deed) => setOpened({ deed, wording })}
            />
          ))}
        </ul>
      )}
      {opened === 'new' ? (
        <NewWording
          consent={consent.id}
          brand={brand}
          from={(inForce ?? data[0])?.texts ?? {}}
          written={changed}
          close={close}
        />
      ) : null}
      {opened && opened !== 'new' ? (
        <Opened {...opened} consent={consent} brand={brand} all={data} changed={changed} close={close} />
      ) : null}
    </Stack>
  );
}

function Version({
  wording,
  consent,
  speaks,
  brandName,
  open,
}: {
  wording: Wording;
  consent: Consent;
  speaks: BrandName['default_language'];
  /** In the words; of what all brands ask, its place stays. */
  brandName: string;
  open: (deed: Deed) => void;
}) {
  const may = useMayChange();
  const { version, status, texts, updated_at, published_at, withdrawn_at } = wording;
  const mayUpdate = may('update:consents', consent.brand);
  const isDraft = status === 'draft';
  const deeds: readonly { readonly deed: Deed; readonly label: string; readonly isOffered: boolean }[] = [
    { deed: 'publish', label: 'Publish', isOffered: isDraft && mayUpdate },
    { deed: 'change', label: 'Change', isOffered: isDraft && mayUpdate },
    { deed: 'throw away', label: 'Throw away', isOffered: isDraft && may('delete:consents', consent.brand) },
    { deed: 'read', label: 'Read', isOffered: true },
    { deed: 'withdraw', label: 'Withdraw', isOffered: !isDraft && status !== 'withdrawn' && mayUpdate },
  ];
  const when = withdrawn_at
    ? `Withdrawn ${moment(withdrawn_at)}`
    : published_at
      ? `Published ${moment(published_at)}`
      : `Written ${moment(updated_at)}`;
  return (
    <Stack component="li" gap={6} py="sm">
      <Group gap="xs">
        <Text size="sm" fw={600} className="value">
          Version {version}
        </Text>
        <VersionState status={status} />
      </Group>
      <Text size="sm" className="value" lineClamp={3}>
        “{wordsFor(texts, speaks, speaks)?.words.label.replaceAll('{brand}', brandName)}”
      </Text>
      <Text size="xs" c="dimmed">
        {when} · {languagesOf(texts)}
      </Text>
      <Group gap="xs">
        {deeds.map(({ deed, label, isOffered }) =>
          isOffered ? (
            <Button
              key={deed}
              size="xs"
              variant={deed === 'publish' ? 'filled' : 'default'}
              aria-label={`${label}: version ${version}`}
              onClick={() => open(deed)}
            >
              {label}
            </Button>
          ) : null,
        )}
      </Group>
    </Stack>
  );
}

/** What was asked for of one version. */
function Opened({
  deed,
  wording,
  consent,
  brand,
  all,
  changed,
  close,
}: {
  deed: Deed;
  wording: Wording;
  consent: Consent;
  brand: BrandName | undefined;
  all: readonly Wording[];
  changed: () => Promise<void>;
  close: () => void;
}) {
  const { version } = wording;
  const { id } = consent;
  switch (deed) {
    case 'read':
      return (
        <Dialog size="lg" title={`Version ${version}`} close={close}>
          <ReadWording texts={wording.texts} brand={brand} />
        </Dialog>
      );
    case 'change':
      return <ChangeWording version={version} consent={id} brand={brand} written={changed} close={close} />;
    case 'publish':
      return (
        <Ask
          title={`Publish version ${version}?`}
          yes="Publish it"
          close={close}
          act={async () => {
            await publishWording(id, version);
            await changed();
            tell({ message: `Version ${version} is in force: it is asked from now on.` });
          }}
        >
          <Sentences sentences={onPublish(consent, wording)} />
        </Ask>
      );
    case 'withdraw':
      return (
        <Ask
          title={`Withdraw version ${version}?`}
          yes="Withdraw it"
          close={close}
          act={async () => {
            await withdrawWording(id, version);
            await changed();
            tell({ message: `Version ${version} is withdrawn.` });
          }}
        >
          <Sentences sentences={onWithdraw(wording, all)} />
        </Ask>
      );
    default:
      return (
        <Ask
          title={`Throw version ${version} away?`}
          yes="Throw it away"
          close={close}
          act={async () => {
            await removeWording(id, version);
            await changed();
            tell({ message: `Version ${version} is gone.` });
          }}
        >
          It is a draft: nobody has read it. What is written in it is gone for good.
        </Ask>
      );
  }
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <List size="sm" spacing={4}>
      {sentences.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}
