import { Box, Button, CopyButton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCode } from '@tabler/icons-react';
import { Dialog } from '../../ui/dialog.tsx';
import type { User } from './api.ts';

const most = 200_000;

/** The customer as the API tells it. */
export function Raw({ user }: { user: User }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconCode size={14} aria-hidden />} onClick={open}>
        Raw JSON
      </Button>
      {opened && (
        <Dialog title="The customer as the API tells it" close={close} size="lg">
          <Content text={JSON.stringify(user, null, 2)} />
        </Dialog>
      )}
    </>
  );
}

function Content({ text }: { text: string }) {
  return (
    <>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="xs" variant="light" onClick={copy} mb="xs">
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
      <Box mah="65vh" tabIndex={0} role="group" aria-label="JSON" style={{ overflowY: 'auto' }}>
        <Text component="pre" size="xs" ff="monospace" m={0} style={{ whiteSpace: 'pre-wrap' }} className="value">
          {text.length > most ? `${text.slice(0, most)}\n…` : text}
        </Text>
      </Box>
    </>
  );
}
