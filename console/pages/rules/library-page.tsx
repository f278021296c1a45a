import { Badge, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '../../ui/page.tsx';
import { libraryQuery } from '../../ui/rules-library.ts';
import { rulesQuery } from '../../ui/running-rules.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { Sentence } from '../../ui/wording.tsx';
import { ReadyConsent, ReadyMarks } from './ready-card.tsx';

export const route = createLazyRoute('/rules/library')({ component: LibraryPage });

function LibraryPage() {
  const { data, error, refetch } = useQuery(libraryQuery);
  const { data: running } = useQuery(rulesQuery);
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = data?.filter(({ name, does, why }) =>
    [name, does, why].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <Page
      title="Library of rules"
      about="Ready rules: fill in a form, and it runs. What each does can be read, and changed later."
    >
      <TextInput
        data-search
        type="search"
        aria-label="Search the library"
        placeholder="What it should do"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="The library is being read" /> : null}
      {found?.length === 0 ? (
        <Empty title="No such rule">What the library does not have can be written: a rule is one function.</Empty>
      ) : null}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {found?.map((rule) => (
          <Link key={rule.id} to="/rules/library/$library" params={{ library: rule.id }} className="card">
            <Stack gap="xs">
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <Title order={2} size="h5">
                  {rule.name}
                </Title>
                {running?.rules.some(({ library }) => library === rule.id) ? <Badge flex="none">Added</Badge> : null}
              </Group>
              <Text size="sm">
                <Sentence text={rule.does} />
              </Text>
              <Text size="sm" c="dimmed">
                <Sentence text={rule.why} />
              </Text>
              <Text size="sm" c="dimmed">
                <ReadyConsent rule={rule} />
              </Text>
              <ReadyMarks rule={rule} />
            </Stack>
          </Link>
        ))}
      </SimpleGrid>
    </Page>
  );
}
