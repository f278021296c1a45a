import { NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Language } from '../../../contract/brands.ts';
import { PagePreview } from '../../ui/page-preview.tsx';
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
  const brand = own || chosen || brands[0]?.id;
  const asked = useSettled({ variant, brand: brand ?? '', language }, 250);
  const hasWords = Object.values(asked.variant.heading).some((text) => text !== '');
  const isAsked = asked.brand !== '' && hasWords;
  const made = useQuery({ ...previewQuery(asked), enabled: isAsked, placeholderData: keepPreviousData });
  if (brand === undefined)
    return (
      <Text size="sm" c="dimmed">
        A preview is shown once there is a brand whose page it could be.
      </Text>
    );
  if (!hasWords)
    return (
      <Text size="sm" c="dimmed">
        Once it has a heading, its page is shown here as customers will see it.
      </Text>
    );
  return (
    <PagePreview title="Preview of the question" made={made} width={width} stays>
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
      {own === '' && brands.length > 1 ? (
        <NativeSelect
          size="xs"
          aria-label="Brand of the preview"
          data={brands.map(({ id, name }) => ({ value: id, label: name }))}
          value={brand}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      ) : null}
    </PagePreview>
  );
}
