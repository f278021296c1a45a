import { ActionIcon, Box, Code, Group, Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef, useState } from 'react';

/** A value or a piece of code with a button that copies it, and says so. */
export function Copy({ text, label, block = false }: { text: string; label: string; block?: boolean }) {
  const [done, setDone] = useState<'copied' | 'marked'>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const code = useRef<HTMLElement>(null);
  const mark = (element: HTMLElement | null) => {
    code.current = element;
  };

  async function copy(): Promise<void> {
    clearTimeout(timer.current);
    setDone(await toClipboard(text, code.current));
    timer.current = setTimeout(() => setDone(undefined), 3000);
  }

  const button = (
    <ActionIcon variant="default" aria-label={`Copy ${label}`} onClick={() => void copy()}>
      {done === 'copied' ? <IconCheck size={16} color="var(--mantine-color-green-text)" /> : <IconCopy size={16} />}
    </ActionIcon>
  );
  const told = { copied: 'Copied', marked: 'Marked: copy it with your keyboard' };
  const words = (
    <Text size="xs" c="dimmed" role="status" aria-live="polite">
      {done ? told[done] : <VisuallyHidden />}
    </Text>
  );
  if (block)
    return (
      <Box pos="relative">
        <Group gap="xs" pos="absolute" top={6} right={6}>
          {words}
          {button}
        </Group>
        <Code block ref={mark} tabIndex={0} aria-label={label}>
          {text}
        </Code>
      </Box>
    );
  return (
    <Group gap="xs" wrap="nowrap">
      <Code ref={mark} className="value">
        {text}
      </Code>
      {button}
      {words}
    </Group>
  );
}

/** Where the browser has no clipboard for us (a page that is not on https), the text is marked instead. */
async function toClipboard(text: string, shown: HTMLElement | null): Promise<'copied' | 'marked'> {
  try {
    await navigator.clipboard.writeText(text);
    return 'copied';
  } catch {
    if (shown) window.getSelection()?.selectAllChildren(shown);
    return 'marked';
  }
}
