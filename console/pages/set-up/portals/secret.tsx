import { Alert, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { Copy } from '../../../ui/copy.tsx';

/** A secret that was just made: it is shown here and never again. */
export function Secret({ id, secret }: { id: string; secret: string }) {
  return (
    <Alert color="yellow" icon={<IconKey />} title="Keep this secret now">
      <Stack gap="xs">
        <Text size="sm">It is kept as a hash only: nobody can show it again, not even we. A lost one is replaced.</Text>
        <Text size="sm" fw={600}>
          Client id
        </Text>
        <Copy text={id} label="the client id" />
        <Text size="sm" fw={600}>
          Client secret
        </Text>
        <Copy text={secret} label="the client secret" />
      </Stack>
    </Alert>
  );
}
