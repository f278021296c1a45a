import { Anchor, List, Stack, Text } from '@mantine/core';
import { Copy } from '../../../ui/copy.tsx';
import type { Guide } from './strategies.ts';

/** What is to be done at the network before, with the address that is entered there. */
export function Steps({ guide }: { guide: Guide }) {
  const { steps, at, label } = guide;
  if (steps.length === 0) return null;
  const callback = `${window.location.origin}/login/callback`;
  return (
    <Stack gap="xs">
      {at === undefined ? null : (
        <Text size="sm">
          At{' '}
          <Anchor href={at} target="_blank" rel="noopener noreferrer">
            {new URL(at).host}
          </Anchor>
          :
        </Text>
      )}
      <List type="ordered" size="sm" spacing="xs" aria-label={`Steps at ${label}`}>
        {steps.map((step) =>
          typeof step === 'string' ? (
            <List.Item key={step}>{step}</List.Item>
          ) : (
            <List.Item key={step.callback}>
              <Stack gap={4}>
                {step.callback}
                <Copy text={callback} label="our callback address" />
              </Stack>
            </List.Item>
          ),
        )}
      </List>
    </Stack>
  );
}
