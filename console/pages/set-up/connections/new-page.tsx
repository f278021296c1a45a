import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Page } from '../../../ui/page.tsx';
import { useMay } from '../../../ui/session.ts';
import { Failed, Loading } from '../../../ui/states.tsx';
import { isOwn, portalsQuery } from '../portals/api.ts';
import { MakeConnection } from './make-connection.tsx';
import { type Guide, guides } from './strategies.ts';

export const route = createLazyRoute('/connections/new')({ component: NewPage });

function NewPage() {
  const { strategy } = useSearch({ from: '/connections/new' });
  const guide = guides.find((one) => one.strategy === strategy);
  return guide ? <Guided guide={guide} /> : <Choose />;
}

function Choose() {
  return (
    <Page title="New connection" about="Where do customers come from?">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} component="nav" aria-label="Kinds of connections">
        {guides.map(({ strategy, label, about }) => (
          <Link key={strategy} className="card" to="/connections/new" search={{ strategy }}>
            <Stack gap={4}>
              <Text fw={600}>{label}</Text>
              <Text size="sm" c="dimmed">
                {about}
              </Text>
            </Stack>
          </Link>
        ))}
      </SimpleGrid>
    </Page>
  );
}

function Guided({ guide }: { guide: Guide }) {
  const may = useMay();
  const navigate = useNavigate();
  const mayPortals = may('read:clients');
  const { data: portals, error, refetch } = useQuery({ ...portalsQuery, enabled: mayPortals });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!portals && mayPortals) return <Loading label="Portals are being read" />;
  const offering = (portals ?? []).filter((portal) => !isOwn(portal) && portal.app_type !== 'non_interactive');
  return (
    <Page title={`New connection: ${guide.label}`} about={guide.about}>
      <Stack maw={640}>
        <MakeConnection
          key={guide.strategy}
          guide={guide}
          portals={offering}
          cancel={() => void navigate({ to: '/connections/new' })}
          done={({ id }) => void navigate({ to: '/connections/$id', params: { id } })}
        />
      </Stack>
    </Page>
  );
}
