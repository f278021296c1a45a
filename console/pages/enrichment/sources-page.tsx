import { Alert, Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import type { EnrichmentSource } from '../../../contract/enrichment.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay, useSession } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { useFocusInPlace } from '../../ui/use-focus-in-place.ts';
import { moment, whole } from '../../ui/words.ts';
import { changeSource, sourcesQuery } from './api.ts';
import { CalledBy, ConsentOfSource } from './called-by.tsx';
import { CostDialog } from './cost-dialog.tsx';
import { figuresOf, money, shareOf } from './figures.ts';

export const route = createLazyRoute('/enrichment')({ component: SourcesPage });

const columns: readonly Column<EnrichmentSource>[] = [
  { name: 'Service', of: (source) => source.name },
  { name: 'Found or taken', of: (source) => source.last_30_days.hits },
  { name: 'Not found', of: (source) => source.last_30_days.misses },
  { name: 'Failed or not taken', of: (source) => source.last_30_days.failures },
  { name: 'Cost', of: (source) => money(source.last_30_days.cost) },
];

const about =
  'Services outside that rules of the library ask about customers, or tell of them: whether they work, what came of it, and what they cost. Figures are of the last 30 days.';

function SourcesPage() {
  const { brands } = useSession();
  if (brands === null) return <Sources />;
  return (
    <Page title="Enrichment" about={about}>
      <Empty title="This is of all brands together">
        You are limited to some brands. What services find and cost is counted for all of them as one, so it is shown to
        who is limited to none.
      </Empty>
    </Page>
  );
}

function Sources() {
  const { data: sources, error, refetch } = useQuery(sourcesQuery);
  return (
    <Page
      title="Enrichment"
      about={about}
      actions={<ExportButton name="enrichment" columns={columns} rows={sources ?? []} />}
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!sources && !error ? <Loading label="Services are being read" /> : null}
      {sources?.length === 0 ? (
        <Empty title="No service">This server’s library asks nobody outside about customers.</Empty>
      ) : null}
      {sources?.map((source) => (
        <Source key={source.id} source={source} />
      ))}
    </Page>
  );
}

function Source({ source }: { source: EnrichmentSource }) {
  const [isOpen, setOpen] = useState(false);
  const queryClient = useQueryClient();
  const may = useMay();
  const resume = useMutation({
    mutationFn: () => changeSource(source.id, { resume: true }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sourcesQuery.queryKey }),
  });
  const kept = useFocusInPlace<HTMLDivElement>(resume.isPending);
  const { last_30_days: sum, paused } = source;
  const counted = figuresOf[source.kind];
  const isAsked = source.kind === 'asked';
  return (
    <Card withBorder padding="md" component="section" aria-label={source.name} {...kept}>
      <Stack gap="md">
        <Group justify="space-between">
          <Group gap="xs">
            <Title order={2} size="h4">
              {source.name}
            </Title>
            {paused ? <Badge color="red.9">Paused</Badge> : null}
          </Group>
          {may('update:enrichment') ? (
            <Button
              size="xs"
              variant="default"
              aria-label={`What it costs: ${source.name}`}
              onClick={() => setOpen(true)}
            >
              What it costs
            </Button>
          ) : null}
        </Group>
        {paused ? (
          <Alert
            color="red"
            variant="light"
            icon={<IconPlayerPause />}
            title={isAsked ? 'Nobody is asked about now' : 'Nothing is told now'}
          >
            <Text size="sm">
              It failed {whole(source.failures_in_row)} times in a row ({paused.why}). From {moment(paused.until)} on
              one call tries whether it works again; sign-ins go on without it.
            </Text>
            {may('update:enrichment') ? (
              <Button mt="sm" size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
                {isAsked ? 'Ask again now' : 'Try again now'}
              </Button>
            ) : null}
          </Alert>
        ) : null}
        {resume.error ? <Problem text={refusalOf(resume.error).text} /> : null}
        <div>
          <CalledBy source={source} />
          <ConsentOfSource source={source} />
        </div>
        {source.days.length === 0 ? null : (
          <>
            <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }} spacing="xs">
              {[...counted, shareOf[source.kind]].map(({ label, of }) => (
                <Figure key={label} label={label} value={of(sum)} />
              ))}
              <Figure label="Cost" value={money(sum.cost)} />
            </SimpleGrid>
            {source.last_failure && !paused ? (
              <Text size="sm" c="dimmed">
                Last failure, {moment(source.last_failure.at)}: {source.last_failure.why}
              </Text>
            ) : null}
            <details>
              <summary>By day</summary>
              <ListTable
                label={`${source.name} by day`}
                minWidth={440}
                heads={['Day', ...counted.map(({ label }) => label), 'Cost']}
              >
                {source.days.map((day) => (
                  <tr key={day.day}>
                    <td className="numbers">{day.day}</td>
                    {counted.map(({ label, of }) => (
                      <td key={label} className="numbers">
                        {of(day)}
                      </td>
                    ))}
                    <td className="numbers">{money(day.cost)}</td>
                  </tr>
                ))}
              </ListTable>
            </details>
          </>
        )}
      </Stack>
      {isOpen ? <CostDialog source={source} close={() => setOpen(false)} /> : null}
    </Card>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text className="numbers">{value}</Text>
    </div>
  );
}
