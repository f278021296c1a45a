import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import type { Action } from '../../../contract/actions.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { GlassBroken } from '../../ui/glass-broken.tsx';
import { LastHourCells, LastHourLine, lastHourHeads, lastHourTold, notRun } from '../../ui/last-hour.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay, useMayWriteCode } from '../../ui/session.ts';
import { Empty, Failed, Loading, NotAllowed } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { type ActionRunning, actionsQuery, actionsRunningQuery, triggers } from './api.ts';
import { Bound } from './bound.tsx';

export const route = createLazyRoute('/actions')({ component: ActionsPage });

const columns: readonly Column<Action>[] = [
  { name: 'Action', of: (action) => action.name },
  { name: 'Id', of: (action) => action.id },
  { name: 'Trigger', of: (action) => action.supported_triggers[0]?.id },
  { name: 'Deployed version', of: (action) => action.deployed_version?.number },
  { name: 'Saved', of: (action) => action.updated_at },
];

function ActionsPage() {
  const isAllowed = useMay()('read:actions');
  const { data: actions, error, refetch } = useQuery({ ...actionsQuery, enabled: isAllowed });
  const { data: running } = useQuery({ ...actionsRunningQuery, enabled: isAllowed });
  const may = useMayWriteCode();
  const make = may('create:actions') ? (
    <Button component={Link} to="/actions/new">
      New action
    </Button>
  ) : null;
  return (
    <Page
      title="Actions"
      about="Code in the form of Auth0’s Actions. What is written is deployed as a version, and what is bound to a trigger runs there, in order, after all rules."
      actions={
        <>
          {isAllowed ? <ExportButton name="actions" columns={columns} rows={actions ?? []} /> : null}
          {make}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {isAllowed ? <GlassBroken /> : <NotAllowed />}
      {isAllowed && !actions && !error ? <Loading label="Actions are being read" /> : null}
      {actions?.length === 0 ? (
        <Empty title="No action yet" action={make}>
          Actions that you have at Auth0 run here as they are: bring them along by Import, on the page of rules. For
          something new a rule is the shorter way.
        </Empty>
      ) : null}
      {actions && actions.length > 0 ? (
        <Stack gap="xl">
          {triggers.map((trigger) => {
            const own = actions.filter((action) => action.supported_triggers[0]?.id === trigger.value);
            if (own.length === 0) return null;
            return (
              <section key={trigger.value} aria-labelledby={trigger.value}>
                <Title order={2} size="h4" id={trigger.value}>
                  {trigger.label}
                </Title>
                <Text size="sm" c="dimmed" mb="xs">
                  {trigger.about}
                </Text>
                <Bound trigger={trigger.value} actions={own} />
                <Actions label={`Actions: ${trigger.label}`} actions={own} running={running ?? []} />
              </section>
            );
          })}
          <Text size="sm" c="dimmed">
            {lastHourTold}
          </Text>
        </Stack>
      ) : null}
    </Page>
  );
}

function Actions({
  label,
  actions,
  running,
}: {
  label: string;
  actions: readonly Action[];
  running: readonly ActionRunning[];
}) {
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const lastHourOf = (action: Action) => running.find(({ id }) => id === action.id)?.last_hour ?? notRun;
  if (isNarrow) {
    return (
      <ListTable label={label} minWidth={0} heads={['Action']}>
        {actions.map((action) => (
          <tr key={action.id}>
            <td>
              <Stack gap={4}>
                <Name action={action} />
                <Group gap="xs">
                  <Text size="sm" c="dimmed">
                    Deployed
                  </Text>
                  <Deployed action={action} />
                </Group>
                <Text size="sm">Saved {moment(action.updated_at)}</Text>
                <LastHourLine lastHour={lastHourOf(action)} />
              </Stack>
            </td>
          </tr>
        ))}
      </ListTable>
    );
  }
  return (
    <ListTable label={label} minWidth={760} heads={['Action', 'Deployed', 'Saved', ...lastHourHeads]}>
      {actions.map((action) => (
        <tr key={action.id}>
          <td>
            <Name action={action} />
          </td>
          <td>
            <Deployed action={action} />
          </td>
          <td>{moment(action.updated_at)}</td>
          <LastHourCells lastHour={lastHourOf(action)} />
        </tr>
      ))}
    </ListTable>
  );
}

function Name({ action }: { action: Action }) {
  return (
    <Anchor component={Link} to={`/actions/${action.id}`} className="value">
      {action.name}
    </Anchor>
  );
}

function Deployed({ action }: { action: Action }) {
  return (
    <Group gap="xs">
      {action.deployed_version ? `Version ${action.deployed_version.number}` : 'No'}
      {action.all_changes_deployed ? null : <Badge variant="default">Changes not deployed</Badge>}
    </Group>
  );
}
