import { Alert, Stack, Text } from '@mantine/core';
import type { Finding } from '../../contract/code-check.ts';

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

/** The same of what is saved, beside it until it is mended; nothing where there is nothing to be said. */
export function FindingsAlert({
  findings,
  title = 'What is saved runs here with a difference',
}: {
  findings: readonly Finding[];
  /** Where nothing of them stops it. */
  title?: string;
}) {
  if (findings.length === 0) return null;
  const stops = findings.some((finding) => finding.stops);
  return (
    <Alert color="yellow" variant="light" title={stops ? 'Something in what is saved does not work here' : title}>
      <Stack gap="xs">
        <Findings findings={findings} />
      </Stack>
    </Alert>
  );
}
