import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import type { RuleRunning } from '../../../contract/rules.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { Page } from '../../ui/page.tsx';
import { rulesQuery } from '../../ui/running-rules.ts';
import { useMay, useMayWriteCode } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { BreakGlass } from './break-glass.tsx';
import { DeadlineForm } from './deadline-form.tsx';
import { RuleTable } from './rule-table.tsx';

export const route = createLazyRoute('/rules')({ component: RulesPage });

const columns: readonly Column<RuleRunning>[] = [
  { name: 'Rule', of: (rule) => rule.name },
  { name: 'Id', of: (rule) => rule.id },
  { name: 'On', of: (rule) => (rule.enabled ? 'yes' : 'no') },
  { name: 'Library', of: (rule) => rule.library },
  { name: 'Runs of the last hour', of: (rule) => rule.last_hour.runs },
  { name: '95 % within (ms) in the last hour', of: (rule) => rule.last_hour.p95_ms },
  { name: 'Refusals of the last hour', of: (rule) => rule.last_hour.refusals },
  { name: 'Errors of the last hour', of: (rule) => rule.last_hour.errors },
];

function RulesPage() {
  const { data, error, refetch } = useQuery(rulesQuery);
  const may = useMay();
  const mayWrite = useMayWriteCode()('create:rules');
  const make = may('create:rules') ? (
    <>
      <Button component={Link} to="/rules/library">
        From the library
      </Button>
      {mayWrite ? (
        <Button component={Link} to="/rules/new" variant="default">
          New rule
        </Button>
      ) : null}
    </>
  ) : null;
  return (
    <Page
      title="Rules"
      about="Code that runs at every sign-in, one rule after the other: it looks things up, adds claims for your portals, or keeps somebody out."
      actions={
        <>
          <ExportButton name="rules" columns={columns} rows={data?.rules ?? []} />
          {make}
          {mayWrite ? (
            <Button component={Link} to="/rules/import" variant="default">
              Import
            </Button>
          ) : null}
          {may('read:rules_configs') ? (
            <Button component={Link} to="/rules/configuration" variant="default">
              Configuration
            </Button>
          ) : null}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="Rules are being read" /> : null}
      {data && (data.rules.length > 0 || data.skipped) ? <BreakGlass running={data} /> : null}
      {data?.rules.length === 0 ? (
        <Empty title="No rule yet" action={make}>
          Begin with a ready one: the library marks newcomers, estimates an area’s income or asks for a second factor,
          and each is switched on by a form.
          {mayWrite ? ' Or write your own, or bring those that you have at Auth0.' : ''}
        </Empty>
      ) : null}
      {data && data.rules.length > 0 ? (
        <>
          <RuleTable rules={data.rules} />
          <DeadlineForm running={data} />
        </>
      ) : null}
    </Page>
  );
}
