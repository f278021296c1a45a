import { NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Language } from '../../../contract/brands.ts';
import type { WordingTexts } from '../../../contract/consents.ts';
import type { BrandName } from '../../ui/brand-names.ts';
import { languages } from '../../ui/languages.ts';
import { HowItReads } from './how-it-reads.tsx';

/** The words of a version, to be read in each language. */
export function ReadWording({
  texts,
  brand,
}: {
  texts: WordingTexts;
  brand: Pick<BrandName, 'name' | 'default_language'> | undefined;
}) {
  const [language, setLanguage] = useState<Language>(brand?.default_language ?? 'en');
  return (
    <Stack gap="md">
      <NativeSelect
        label="Customer’s language"
        data={[...languages]}
        value={language}
        onChange={(event) => {
          const chosen = languages.find(({ value }) => value === event.currentTarget.value);
          if (chosen) setLanguage(chosen.value);
        }}
      />
      <HowItReads texts={texts} language={language} brand={brand} />
    </Stack>
  );
}
