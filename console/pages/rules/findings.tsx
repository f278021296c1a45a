import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Finding } from '../../../contract/code-check.ts';
import type { Rule } from '../../../contract/rules.ts';
import { useMayWriteCode } from '../../ui/session.ts';
import { checkQuery } from './api.ts';

/** What of a script is not here as it was at Auth0, line by line; where only some stops it, that is marked. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const mixed = findings.some(({ stops }) => stops) && findings.some(({ stops }) => !stops);
  return findings
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
    .map(({ message, line, stops }) => (
      <Text key={`${line} ${message}`} size="sm" className="value">
        {line === null ? '' : `Line ${line}: `}
        {message}
        {mixed && stops ? <strong> It does not run with this.</strong> : null}
      </Text>
    ));
}

/** The same of a rule that is saved: what would fail at sign-ins is better known before it is on. */
export function FindingsOf({ rule }: { rule: Pick<Rule, 'name' | 'script'> }) {
  const may = useMayWriteCode()('create:rules');
  const { data: findings = [] } = useQuery({ ...checkQuery(rule), enabled: may });
  if (findings.length === 0) return null;
  const stops = findings.some((finding) => finding.stops);
  return (
    <Alert
      color="yellow"
      variant="light"
      title={stops ? 'Something in what is saved does not work here' : 'What is saved runs here with a difference'}
    >
      <Stack gap="xs">
        <Findings findings={findings} />
      </Stack>
    </Alert>
  );
}
