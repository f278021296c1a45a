import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import type { Action } from '../../../contract/actions.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { LastHourCells, lastHourHeads, notRun } from '../../ui/last-hour.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
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
  const { data: actions, error, refetch } = useQuery(actionsQuery);
  const { data: running } = useQuery(actionsRunningQuery);
  const may = useMay();
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
          <ExportButton name="actions" columns={columns} rows={actions ?? []} />
          {make}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!actions && !error ? <Loading label="Actions are being read" /> : null}
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
                <Actions actions={own} running={running ?? []} />
              </section>
            );
          })}
        </Stack>
      ) : null}
    </Page>
  );
}

function Actions({ actions, running }: { actions: readonly Action[]; running: readonly ActionRunning[] }) {
  return (
    <ListTable minWidth={760} heads={['Action', 'Deployed', 'Saved', ...lastHourHeads]}>
      {actions.map((action) => (
        <tr key={action.id}>
          <td>
            <Anchor component={Link} to={`/actions/${action.id}`} className="value">
              {action.name}
            </Anchor>
          </td>
          <td>
            <Group gap="xs">
              {action.deployed_version ? `Version ${action.deployed_version.number}` : 'No'}
              {action.all_changes_deployed ? null : <Badge variant="default">Changes not deployed</Badge>}
            </Group>
          </td>
          <td>{moment(action.updated_at)}</td>
          <LastHourCells lastHour={running.find(({ id }) => id === action.id)?.last_hour ?? notRun} />
        </tr>
      ))}
    </ListTable>
  );
}
