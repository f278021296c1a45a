import { Alert, Anchor, Badge, Group, List, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Findings } from '../../ui/findings.tsx';
import {
  comesAlong,
  comingValues,
  isComplete,
  type Looked,
  missingValues,
  type Report,
  stops,
  verdictOf,
  waitingFor,
} from './import-values.ts';

/** What runs here as it is, what does not, and why. */
export function ImportReport({ report }: { report: Report }) {
  const { rules, actions, problems } = report;
  const missing = missingValues(report);
  return (
    <Stack gap="lg">
      {rules.length + actions.length > 0 ? <Text role="status">{verdictOf(report)}</Text> : null}
      {problems.length > 0 ? (
        <Alert color="yellow" variant="light" title="Not brought along">
          <List size="sm">
            {problems.map((problem) => (
              <List.Item key={problem} className="value">
                {problem}
              </List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      <Part
        title="Rules"
        off="switched off"
        lines={rules.map((rule, place) => ({
          key: `${place} ${rule.thing.name}`,
          name: rule.thing.name,
          more: rule.thing.enabled ? 'on' : 'off',
          looked: rule,
        }))}
      />
      <Part
        title="Actions"
        off="as a draft"
        lines={actions.map((action, place) => ({
          key: `${place} ${action.thing.name}`,
          name: action.thing.name,
          more: `${action.thing.trigger}, ${action.thing.deployed ? 'deployed' : 'a draft'}`,
          looked: action,
        }))}
      />
      <Values report={report} />
      {missing.configs.length + missing.unread.length + missing.secrets.length > 0 ? (
        <Alert color="yellow" variant="light" title="Values that no export has">
          <Text size="sm">Auth0 shows them to nobody. Type them once what needs them is here:</Text>
          <List size="sm" mt="xs">
            {missing.configs.map((key) => (
              <List.Item key={key}>
                {key}, in the <ToConfiguration />
              </List.Item>
            ))}
            {missing.unread.map((key) => (
              <List.Item key={key}>
                {key}, which no rule here reads by its name; if one makes the name up, in the <ToConfiguration />
              </List.Item>
            ))}
            {missing.secrets.map((secret) => (
              <List.Item key={secret}>{secret}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
    </Stack>
  );
}

function ToConfiguration() {
  return (
    <Anchor component={Link} size="sm" c="inherit" underline="always" to="/rules/configuration">
      configuration of rules
    </Anchor>
  );
}

type Line = { readonly key: string; readonly name: string; readonly more: string; readonly looked: Looked<unknown> };

function Part({ title, off, lines }: { title: string; off: string; lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Stack component="ul" gap={0} className="kinds">
        {lines.map(({ key, name, more, looked }) => (
          <Stack key={key} component="li" gap={4} py="xs">
            <Group gap="xs">
              <Text fw={600} className="value">
                {name}
              </Text>
              <Text size="sm" c="dimmed">
                {more}
              </Text>
              <Verdict looked={looked} />
            </Group>
            <Findings findings={looked.findings} />
            {!comesAlong(looked) || isComplete(looked) ? null : (
              <Text size="sm" className="value">
                It comes {off}: {waitingFor(looked)}.
              </Text>
            )}
          </Stack>
        ))}
      </Stack>
    </section>
  );
}

/** The configuration, as far as the export has values of it. */
function Values({ report }: { report: Report }) {
  const valued = report.configs.filter(({ value }) => value !== undefined);
  const coming = comingValues(report);
  if (valued.length === 0) return null;
  return (
    <section aria-label="Configuration of rules">
      <Title order={2} size="h4">
        Configuration of rules
      </Title>
      <Stack component="ul" gap={0} className="kinds">
        {valued.map(({ key }) => (
          <Group key={key} component="li" gap="xs" py="xs">
            <Text fw={600} className="value">
              {key}
            </Text>
            {coming.some((one) => one.key === key) ? (
              <Badge>Comes along</Badge>
            ) : (
              <Badge variant="default">Here already: stays behind</Badge>
            )}
          </Group>
        ))}
      </Stack>
    </section>
  );
}

function Verdict({ looked }: { looked: Looked<unknown> }) {
  if (looked.isHere) return <Badge variant="default">Here already: stays behind</Badge>;
  if (stops(looked)) return <Badge color="red.9">Does not run</Badge>;
  if (looked.findings.length > 0) return <Badge variant="default">Runs, with a difference</Badge>;
  return <Badge>Runs as it is</Badge>;
}
