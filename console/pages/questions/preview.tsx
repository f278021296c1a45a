import { Box, Group, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Language } from '../../../contract/brands.ts';
import { refusalOf } from '../../ui/refusal.ts';
import { Loading } from '../../ui/states.tsx';
import { StillFrame } from '../../ui/still-frame.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { type BrandName, previewQuery, type QuestionVariant } from './api.ts';

/** The real page with what is not saved yet, made by the server in a brand's clothes. */
export function Preview({
  variant,
  brands,
  own,
  language,
}: {
  variant: QuestionVariant;
  brands: readonly BrandName[];
  /** Id of the question's brand; empty: it is asked at all. */
  own: string;
  language: Language;
}) {
  const [chosen, setChosen] = useState('');
  const [width, setWidth] = useState<'phone' | 'desktop'>('phone');
  const [scheme, setScheme] = useState<'light' | 'dark'>('light');
  const brand = own || chosen || brands[0]?.id;
  const asked = useSettled({ variant, brand: brand ?? '', language }, 250);
  const { data, error, isPending } = useQuery({
    ...previewQuery(asked),
    enabled: asked.brand !== '',
    placeholderData: keepPreviousData,
  });
  if (brand === undefined)
    return (
      <Text size="sm" c="dimmed">
        A preview is shown once there is a brand whose page it could be.
      </Text>
    );
  return (
    <Stack gap="xs" component="section" aria-label="Preview" className="stays">
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Width of the preview"
          value={width}
          onChange={(value) => setWidth(value === 'desktop' ? 'desktop' : 'phone')}
          data={[
            { value: 'phone', label: 'Phone' },
            { value: 'desktop', label: 'Desktop' },
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
        {own === '' && brands.length > 1 ? (
          <NativeSelect
            size="xs"
            aria-label="Brand of the preview"
            data={brands.map(({ id, name }) => ({ value: id, label: name }))}
            value={brand}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        ) : null}
      </Group>
      {isPending ? <Loading label="The preview is being made" /> : null}
      {error ? (
        <Text size="sm" c="dimmed" role="status">
          No preview of this yet: {refusalOf(error).text}
        </Text>
      ) : null}
      {data ? (
        <Box className="preview" data-width={width} style={{ colorScheme: scheme }}>
          <StillFrame inert title="Preview of the question" html={data.html} scheme={scheme} />
        </Box>
      ) : null}
      <Text size="xs" c="dimmed">
        Made by the server as customers see it. Pictures of other sites are not loaded inside the console: a grey tile
        stands for each.
      </Text>
    </Stack>
  );
}
