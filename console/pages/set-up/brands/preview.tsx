import { Box, Group, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BrandPreviewRequest, Language } from '../../../../contract/brands.ts';
import { languages } from '../../../ui/languages.ts';
import { refusalOf } from '../../../ui/refusal.ts';
import { Loading } from '../../../ui/states.tsx';
import { StillFrame } from '../../../ui/still-frame.tsx';
import { useSettled } from '../../../ui/use-settled.ts';
import { previewQuery } from './api.ts';

/**
 * The real page of the sign-in with what is not saved yet, made by the server. It stands in a frame of its own that may
 * do nothing: no script, no form, no way to the console around it.
 */
export function Preview({
  draft,
  speaks,
}: {
  draft: Omit<BrandPreviewRequest, 'language' | 'page'>;
  speaks: Language;
}) {
  const [page, setPage] = useState<BrandPreviewRequest['page']>('login');
  const [language, setLanguage] = useState<Language>(speaks);
  const [scheme, setScheme] = useState<'light' | 'dark'>('light');
  const asked = useSettled({ ...draft, page, language }, 250);
  const { data, error, isPending } = useQuery({ ...previewQuery(asked), placeholderData: keepPreviousData });
  return (
    <Stack gap="xs" component="section" aria-label="Preview">
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Page"
          value={page}
          onChange={(value) => setPage(value === 'signup' ? 'signup' : 'login')}
          data={[
            { value: 'login', label: 'Sign-in' },
            { value: 'signup', label: 'Sign-up' },
          ]}
        />
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
        <NativeSelect
          size="xs"
          aria-label="Language of the preview"
          data={[...languages]}
          value={language}
          onChange={(event) => {
            const chosen = languages.find(({ value }) => value === event.currentTarget.value);
            if (chosen) setLanguage(chosen.value);
          }}
        />
      </Group>
      {isPending ? <Loading label="The preview is being made" /> : null}
      {error ? (
        <Text size="sm" c="dimmed" role="status">
          No preview of this: {refusalOf(error).text}
        </Text>
      ) : null}
      {data ? (
        <Box className="preview" style={{ colorScheme: scheme }}>
          <StillFrame inert title="Preview of the sign-in page" html={data.html} scheme={scheme} />
        </Box>
      ) : null}
      <Text size="xs" c="dimmed">
        Made by the server as customers see it. Pictures of other sites are not loaded inside the console; the brand’s
        name stands in for its logo.
      </Text>
    </Stack>
  );
}
