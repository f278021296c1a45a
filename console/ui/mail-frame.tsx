import { Text } from '@mantine/core';
import { StillFrame } from './still-frame.tsx';

/** A mail as mail programs show it, in a frame that may do nothing: no link of it leads anywhere, no picture comes from elsewhere. */
export function MailFrame({ html, title }: { html: string; title: string }) {
  return (
    <>
      <StillFrame className="mail-frame" kind="mail" title={title} html={html} />
      <Text size="xs" c="dimmed">
        Links lead nowhere here, and pictures of other sites are not loaded.
      </Text>
    </>
  );
}
