import { Alert, Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError } from './api.ts';

/** Something is on its way. */
export function Loading({
  label = 'Loading',
  height,
}: {
  label?: string;
  /** As high as what comes, in CSS pixels: what stands below does not jump then. */
  height?: number;
}) {
  return (
    <Center {...(height === undefined ? { py: 'xl' } : { h: height })} role="status" aria-label={label}>
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

/** Who may not do what a page is for. */
export function NotAllowed() {
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle />} title={notAllowed.title} role="alert">
      <Text size="sm">{notAllowed.text}</Text>
    </Alert>
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

const notAllowed = {
  title: 'Your role does not allow this',
  text: 'Ask an administrator of yours for it if you need it for your work.',
} as const;

/** Is it their role that is in the way, and not for example that there are too many already? */
export function isBeyondRole({ status, code }: ApiError): boolean {
  return status === 403 && code !== 'too_many_entities';
}

/** What an error is called, and what is to be done about it. */
export function wordsOf(error: unknown): { title: string; text: string } {
  if (error instanceof ApiError) {
    if (isBeyondRole(error)) return notAllowed;
    if (error.status === 404)
      return { title: 'Not here (any more)', text: 'It was removed, or its address has a mistake in it.' };
    return { title: 'That did not work', text: error.message };
  }
  return { title: 'No answer', text: 'The server could not be reached. Look at your connection, then try again.' };
}
