import { Alert, Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError } from './api.ts';

/** Something is on its way. */
export function Loading({ label = 'Loading' }: { label?: string }) {
  return (
    <Center py="xl" role="status" aria-label={label}>
      <Loader type="dots" />
    </Center>
  );
}

/** There is nothing yet: what would be here, and how it gets here. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py={48} px="md">
      <IconInbox size={36} stroke={1.3} aria-hidden />
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw={460}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}

/** It did not work: what the server said, and another try where that can help. */
export function Failed({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { title, text } = wordsOf(error);
  const mayHelp = !(error instanceof ApiError && (error.status === 403 || error.status === 404));
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle />} title={title} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{text}</Text>
        {retry && mayHelp && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** What an error is called, and what is to be done about it. */
export function wordsOf(error: unknown): { title: string; text: string } {
  if (error instanceof ApiError) {
    if (error.status === 403)
      return {
        title: 'Your role does not allow this',
        text: 'Ask an administrator of yours for it if you need it for your work.',
      };
    if (error.status === 404)
      return { title: 'Not here (any more)', text: 'It was removed, or its address has a mistake in it.' };
    return { title: 'That did not work', text: error.message };
  }
  return { title: 'No answer', text: 'The server could not be reached. Look at your connection, then try again.' };
}
