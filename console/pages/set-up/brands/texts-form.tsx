import { Accordion, Badge, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BrandTexts, Language } from '../../../../contract/brands.ts';
import { languages } from '../../../ui/languages.ts';
import { Empty, Failed, Loading } from '../../../ui/states.tsx';
import { type PageText, pageTextsQuery } from './api.ts';

const titles: Readonly<Record<string, string>> = {
  login: 'Signing in',
  signup: 'Signing up',
  code: 'Sign-in by code',
  verify: 'Typing the code',
  forgot: 'Forgotten password',
  common: 'On several pages',
  consent: 'Consents',
  conflict: 'Joining two accounts',
  factor: 'Second factor',
  problem: 'When something is wrong',
  layout: 'Foot of the page',
};

/** The brand's own sentences in place of ours, language by language. */
export function TextsForm({
  texts,
  speaks,
  set,
  error,
  disabled,
}: {
  texts: BrandTexts;
  speaks: Language;
  set: (texts: BrandTexts) => void;
  error: string | undefined;
  disabled: boolean;
}) {
  const { data: known, error: failed, refetch } = useQuery(pageTextsQuery);
  const [language, setLanguage] = useState<Language>(speaks);
  const [search, setSearch] = useState('');
  if (failed) return <Failed error={failed} retry={() => void refetch()} />;
  if (!known) return <Loading label="The sentences are being read" />;
  const own = texts[language] ?? {};
  const wanted = search.trim().toLowerCase();
  const found = known.filter(({ key, texts: ours }) =>
    [key, ours[language], own[key] ?? ''].some((text) => text.toLowerCase().includes(wanted)),
  );

  function change(key: string, value: string): void {
    const { [key]: _, ...rest } = own;
    const { [language]: __, ...others } = texts;
    const mine = value === '' ? rest : { ...rest, [key]: value };
    set(Object.keys(mine).length === 0 ? others : { ...others, [language]: mine });
  }

  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        What you leave empty says what we say. Words in braces are filled in: {'{brand}'} is the brand’s name. It is
        plain text: whatever is typed is shown as it is, and nothing of it runs.
      </Text>
      {error === undefined ? null : (
        <Text c="red" size="sm" role="alert">
          {error}
        </Text>
      )}
      <NativeSelect
        label="Language"
        data={languages.map(({ value, label }) => ({ value, label: `${label}${count(texts[value])}` }))}
        value={language}
        onChange={(event) => {
          const chosen = languages.find(({ value }) => value === event.currentTarget.value);
          if (chosen) setLanguage(chosen.value);
        }}
      />
      <TextInput
        type="search"
        label="Find a sentence"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {found.length === 0 ? <Empty title="No such sentence">None of the pages says that.</Empty> : null}
      <Accordion variant="separated" multiple={wanted !== ''}>
        {groupsOf(found).map(([name, group]) => (
          // Ids are made of it, so it has no spaces.
          <Accordion.Item key={name} value={name.replace(/\W+/g, '-')}>
            <Accordion.Control>
              {name} <Changed of={group.filter(({ key }) => own[key] !== undefined).length} />
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                {group.map(({ key, texts: ours }) => (
                  <Textarea
                    key={key}
                    label={key}
                    placeholder={ours[language]}
                    description={own[key] === undefined ? undefined : `Ours: ${ours[language]}`}
                    autosize
                    maxLength={1000}
                    disabled={disabled}
                    value={own[key] ?? ''}
                    onChange={(event) => change(key, event.currentTarget.value)}
                  />
                ))}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function Changed({ of }: { of: number }) {
  return of === 0 ? null : (
    <Badge size="sm" variant="light">
      {of} of your own
    </Badge>
  );
}

function count(texts: Readonly<Record<string, string>> | undefined): string {
  const own = Object.keys(texts ?? {}).length;
  return own === 0 ? '' : ` (${own} of your own)`;
}

function groupsOf(texts: readonly PageText[]): [string, PageText[]][] {
  const groups = new Map<string, PageText[]>();
  for (const text of texts) {
    const head = text.key.split('.')[0] ?? '';
    const name = text.place === 'account' ? `Account: ${head}` : (titles[head] ?? head);
    groups.set(name, [...(groups.get(name) ?? []), text]);
  }
  const order = Object.values(titles);
  const rank = ([name]: [string, PageText[]]) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...groups].sort((a, b) => rank(a) - rank(b));
}
