import { Box, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { refusalOf } from './refusal.ts';
import { Loading } from './states.tsx';
import { StillFrame } from './still-frame.tsx';

/** A page of the sign-in as the server makes it of what is not saved yet, in light or in dark, in a frame that may do nothing. */
export function PagePreview({
  title,
  made: { data, error, isPending },
  width,
  stays = false,
  children,
}: {
  title: string;
  made: Pick<UseQueryResult<{ readonly html: string }>, 'data' | 'error' | 'isPending'>;
  width?: 'phone' | 'desktop';
  /** Beside a long form it stays where it is seen. */
  stays?: boolean;
  /** What else is chosen of it. */
  children: ReactNode;
}) {
  const [scheme, setScheme] = useState<'light' | 'dark'>('light');
  return (
    <Stack gap="xs" component="section" aria-label="Preview" {...(stays && { className: 'stays' })}>
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Colours of the preview"
          value={scheme}
          onChange={(value) => setScheme(value === 'dark' ? 'dark' : 'light')}
          data={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        {children}
      </Group>
      {isPending ? <Loading label="The preview is being made" /> : null}
      {error ? (
        <Text size="sm" c="dimmed" role="status">
          No preview of this yet: {refusalOf(error).text}
        </Text>
      ) : null}
      {data ? (
        <Box className="preview" data-width={width} style={{ colorScheme: scheme }}>
          <StillFrame inert kind="page" title={title} html={data.html} scheme={scheme} />
        </Box>
      ) : null}
    </Stack>
  );
}
