import { NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Language } from '../../../contract/brands.ts';
import type { BrandName, QuestionVariant } from './api.ts';
import { withText } from './values.ts';

/** What is asked, and what the customer gets for it; each brand may say it in its own words. */
export function WordsForm({
  variant,
  brands,
  language,
  set,
  errorAt,
  disabled,
}: {
  variant: QuestionVariant;
  brands: readonly BrandName[];
  language: Language;
  set: (variant: QuestionVariant) => void;
  errorAt: (path: string) => string | undefined;
  disabled: boolean;
}) {
  const [slug, setSlug] = useState('');
  const said = slug === '' ? variant : (variant.brands[slug] ?? {});

  function change(part: 'heading' | 'benefit', text: string): void {
    const texts = withText(said[part], language, text);
    if (slug === '') {
      set({ ...variant, [part]: texts });
      return;
    }
    const heading = part === 'heading' ? texts : said.heading;
    const benefit = part === 'benefit' ? texts : said.benefit;
    const own = { ...(isThere(heading) && { heading }), ...(isThere(benefit) && { benefit }) };
    const { [slug]: _, ...others } = variant.brands;
    set({ ...variant, brands: isThere(own) ? { ...others, [slug]: own } : others });
  }

  return (
    <Stack gap="sm">
      {brands.length > 1 ? (
        <NativeSelect
          size="xs"
          label="Whose words"
          data={[
            { value: '', label: 'All brands' },
            ...brands.map((one) => ({
              value: one.slug,
              label: variant.brands[one.slug] ? `${one.name} (in its own words)` : one.name,
            })),
          ]}
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
      ) : null}
      <TextInput
        label="Heading"
        maxLength={200}
        disabled={disabled}
        placeholder={slug === '' ? variant.heading.en : variant.heading[language]}
        value={said.heading?.[language] ?? ''}
        error={slug === '' ? errorAt('heading') : errorAt('brands')}
        onChange={(event) => change('heading', event.currentTarget.value)}
      />
      <Textarea
        label="What the customer gets for it"
        description="One sentence, below the heading."
        maxLength={500}
        autosize
        disabled={disabled}
        placeholder={slug === '' ? variant.benefit.en : variant.benefit[language]}
        value={said.benefit?.[language] ?? ''}
        error={errorAt('benefit')}
        onChange={(event) => change('benefit', event.currentTarget.value)}
      />
    </Stack>
  );
}

function isThere(texts: object | undefined): boolean {
  return texts !== undefined && Object.keys(texts).length > 0;
}
