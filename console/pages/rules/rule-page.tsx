import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { GlassBroken } from '../../ui/glass-broken.tsx';
import { Page } from '../../ui/page.tsx';
import { rulesQuery } from '../../ui/running-rules.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { removeRule, ruleQuery, runningQuery } from './api.ts';
import { CodeRule } from './code-rule.tsx';
import type { KnownRule } from './known-rule.ts';
import { OnSwitch } from './on-switch.tsx';
import { ReadyRule } from './ready-rule.tsx';
import { useMayChange } from './rights.ts';
import { countsWords } from './saved-words.ts';

export const route = createLazyRoute('/rules/$id')({ component: RulePage });

function RulePage() {
  const { id } = useParams({ from: '/rules/$id' });
  const rule = useQuery(ruleQuery(id));
  const running = useQuery(runningQuery(id));
  const queryClient = useQueryClient();
  const error = rule.error ?? running.error;
  if (error) return <Failed error={error} retry={() => void Promise.all([rule.refetch(), running.refetch()])} />;
  if (!rule.data || !running.data) return <Loading label="The rule is being read" />;
  const reload = async () => {
    const [again, runs] = await Promise.all([
      rule.refetch(),
      running.refetch(),
      queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: ['rule-versions', id] }),
    ]);
    return again.data && runs.data && { rule: again.data, running: runs.data };
  };
  return <Known key={id} known={{ rule: rule.data, running: running.data, reload }} />;
}

function Known({ known }: { known: KnownRule }) {
  const [asks, setAsks] = useState(false);
  const mayChange = useMayChange();
  const mayUpdate = mayChange('update:rules', known.running);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { value: rule } = known.rule;
  const { library } = known.running;
  return (
    <Page
      title={rule.name}
      about={
        library === null
          ? mayUpdate
            ? `Code of your own. ${countsWords(rule)}`
            : 'Code of your own. It sees and writes every attribute, so that who changes it must be allowed to, too.'
          : `A rule of the library, as its form says. ${countsWords(rule)}`
      }
      actions={
        <>
          <OnSwitch rule={rule} label="On" disabled={!mayUpdate} changed={known.reload} />
          <Button component={Link} to="/rules" variant="default">
            All rules
          </Button>
          {mayChange('delete:rules', known.running) ? (
            <Button variant="default" onClick={() => setAsks(true)}>
              Remove
            </Button>
          ) : null}
        </>
      }
    >
      <GlassBroken />
      {library === null ? <CodeRule known={known} /> : <ReadyRule known={known} />}
      {asks ? (
        <Ask
          title={`Remove ${rule.name}?`}
          yes="Remove it"
          typed={rule.name}
          close={() => setAsks(false)}
          act={async () => {
            await removeRule(rule.id);
            await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
            await navigate({ to: '/rules' });
          }}
        >
          It runs no more from the next sign-in on, and all that it was is gone for good. What it wrote into profiles
          stays. To have it rest, switch it off instead.
        </Ask>
      ) : null}
    </Page>
  );
}
