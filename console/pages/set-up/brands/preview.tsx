import { NativeSelect, SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BrandPreviewRequest, Language } from '../../../../contract/brands.ts';
import { languages } from '../../../ui/languages.ts';
import { PagePreview } from '../../../ui/page-preview.tsx';
import { useSettled } from '../../../ui/use-settled.ts';
import { previewQuery } from './api.ts';

/** The sign-in or sign-up of a brand with what is not saved yet. */
export function Preview({
  draft,
  speaks,
}: {
  draft: Omit<BrandPreviewRequest, 'language' | 'page'>;
  speaks: Language;
}) {
  const [page, setPage] = useState<BrandPreviewRequest['page']>('login');
  const [language, setLanguage] = useState<Language>(speaks);
  const asked = useSettled({ ...draft, page, language }, 250);
  const made = useQuery({ ...previewQuery(asked), placeholderData: keepPreviousData });
  return (
    <PagePreview title="Preview of the sign-in page" made={made}>
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
    </PagePreview>
  );
}
