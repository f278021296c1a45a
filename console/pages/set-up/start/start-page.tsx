import { Alert, Anchor, Button, Group, Paper, SegmentedControl, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Page } from '../../../ui/page.tsx';
import { useMay } from '../../../ui/session.ts';
import { Failed, Loading } from '../../../ui/states.tsx';
import { brandsQuery } from '../brands/api.ts';
import { MakeBrand } from '../brands/make-brand.tsx';
import { connectionsQuery } from '../connections/api.ts';
import { MakeConnection } from '../connections/make-connection.tsx';
import { guides, strategyOf } from '../connections/strategies.ts';
import { doorOf } from '../connections/try.tsx';
import { type Client, isOwn, portalsQuery } from '../portals/api.ts';
import { MakePortal } from '../portals/make-portal.tsx';
import { Secret } from '../portals/secret.tsx';
import { firstSignInQuery } from './api.ts';
import { MakeCustomer } from './make-customer.tsx';

export const route = createLazyRoute('/start')({ component: StartPage });

/** From nothing to the first sign-in. Which steps are done is read from what there is; nothing of it is stored. */
function StartPage() {
  const brands = useQuery(brandsQuery);
  const portals = useQuery(portalsQuery);
  const connections = useQuery(connectionsQuery);
  const [made, setMade] = useState<Client>();
  const may = useMay();
  const customers = useQuery(firstSignInQuery);
  const error = brands.error ?? portals.error ?? connections.error;
  if (error)
    return (
      <Page title="First steps">
        <Failed
          error={error}
          retry={() => void Promise.all([brands.refetch(), portals.refetch(), connections.refetch()])}
        />
      </Page>
    );
  if (!brands.data || !portals.data || !connections.data) return <Loading label="What there is is being read" />;
  const places = portals.data.filter((portal) => !isOwn(portal) && portal.app_type !== 'non_interactive');
  const [brand] = brands.data;
  const place = places[0];
  const [connection] = connections.data;
  const store = connections.data.find(({ strategy }) => strategy === 'auth0');
  const isDone = customers.data?.signed_in === true;
  const now = !brand ? 1 : !place || made ? 2 : !connection ? 3 : isDone ? 5 : 4;
  // The door is the one of the brand whose portal was set up.
  const door = brands.data.find(({ id }) => id === place?.brand) ?? brand;

  return (
    <Page
      title="First steps"
      about="A brand, a portal, a way in: then the first customer can sign in. You can leave at any time and go on later."
    >
      <Stack component="ol" gap="md" maw={680} m={0} p={0} className="steps">
        <Step
          number={1}
          now={now}
          title="A brand: the name customers know"
          told={brand?.name}
          to={`/brands/${brand?.slug}`}
        >
          <MakeBrand done={() => undefined} />
        </Step>
        <Step
          number={2}
          now={now}
          title="A portal: the site or app they come from"
          told={place?.name}
          to={`/portals/${encodeURIComponent(place?.client_id ?? '')}`}
        >
          {made?.client_secret ? (
            <Stack>
              <Secret id={made.client_id} secret={made.client_secret} />
              <Group>
                <Button onClick={() => setMade(undefined)}>I have kept it</Button>
              </Group>
            </Stack>
          ) : (
            <MakePortal
              {...(brands.data.length === 1 && brand ? { brand: brand.slug } : {})}
              done={(portal) => {
                if (portal.token_endpoint_auth_method !== 'none') setMade(portal);
              }}
            />
          )}
        </Step>
        <Step
          number={3}
          now={now}
          title="A way in: how they prove who they are"
          told={connections.data.map((one) => one.display_name).join(', ')}
          to="/connections"
        >
          <Ways portals={places} />
        </Step>
        <Step number={4} now={now} title="Try it" told={isDone ? 'Somebody has signed in.' : undefined} to="/customers">
          <Stack gap="md">
            <Text size="sm">
              Open the sign-in in a new tab and sign up as a customer would, with an address of your own. This page
              tells you as soon as you are in.
            </Text>
            <Group>
              <Button
                component="a"
                href={doorOf(door?.slug ?? '')}
                target="_blank"
                rel="noopener noreferrer"
                leftSection={<IconExternalLink size={16} aria-hidden />}
              >
                Open the sign-in
              </Button>
            </Group>
            <Text size="sm" c="dimmed" role="status">
              Waiting for the first customer …
            </Text>
            {store && may('create:users') ? <MakeCustomer connection={store.name} /> : null}
          </Stack>
        </Step>
      </Stack>
      {now === 5 ? (
        <Alert color="green" icon={<IconCheck />} title="Customers can sign in" maw={680} role="status">
          <Text size="sm">
            See who it was under{' '}
            <Anchor component={Link} to="/customers" size="sm" td="underline" c="inherit">
              Customers
            </Anchor>
            , then put the code into your{' '}
            <Anchor
              component={Link}
              to={`/portals/${encodeURIComponent(place?.client_id ?? '')}`}
              size="sm"
              td="underline"
              c="inherit"
            >
              portal
            </Anchor>{' '}
            and give your{' '}
            <Anchor component={Link} to={`/brands/${brand?.slug}`} size="sm" td="underline" c="inherit">
              brand
            </Anchor>{' '}
            its look.
          </Text>
        </Alert>
      ) : null}
    </Page>
  );
}

/** The kind of the first connection, and its form. */
function Ways({ portals }: { portals: readonly Client[] }) {
  const few = guides.filter(({ strategy }) => ['auth0', 'google-oauth2', 'apple', 'facebook'].includes(strategy));
  const [strategy, setStrategy] = useState(few[0]?.strategy ?? 'auth0');
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="Way in"
        orientation="horizontal"
        className="wraps"
        value={strategy}
        data={few.map(({ strategy: value, label }) => ({ value, label }))}
        onChange={(value) => {
          const chosen = few.find((one) => one.strategy === value);
          if (chosen) setStrategy(chosen.strategy);
        }}
      />
      <MakeConnection key={strategy} guide={strategyOf(strategy)} portals={portals} done={() => undefined} />
    </Stack>
  );
}

/** A step: done, with what there is; the one that is due, with its form; or still to come. */
function Step({
  number,
  now,
  title,
  told,
  to,
  children,
}: {
  number: number;
  now: number;
  title: string;
  told: string | undefined;
  to: string;
  children: ReactNode;
}) {
  const isDone = number < now;
  const isNow = number === now;
  return (
    <Paper component="li" withBorder p="md" radius="md" aria-current={isNow ? 'step' : undefined}>
      <Group gap="sm" wrap="nowrap" align="center">
        <ThemeIcon radius="xl" variant={isDone || isNow ? 'filled' : 'default'} aria-hidden>
          {isDone ? <IconCheck size={16} /> : number}
        </ThemeIcon>
        <Title order={2} size="h4">
          {title}
        </Title>
      </Group>
      {isDone && told ? (
        <Anchor component={Link} to={to} size="sm" ml={40} display="block" className="value">
          {told}
        </Anchor>
      ) : null}
      {isNow ? <Stack mt="md">{children}</Stack> : null}
    </Paper>
  );
}
