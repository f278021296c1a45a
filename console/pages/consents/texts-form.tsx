import { NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Language } from '../../../contract/brands.ts';
import type { WordingTexts } from '../../../contract/consents.ts';
import type { BrandName } from '../../ui/brand-names.ts';
import { languages } from '../../ui/languages.ts';
import { HowItReads } from './how-it-reads.tsx';
import { isWritten, type TypedTexts, type TypedWords } from './texts.ts';

/** The words of a version, language by language, with what a customer reads. */
export function TextsForm({
  texts,
  set,
  errorAt,
  brand,
}: {
  texts: TypedTexts;
  set: (texts: TypedTexts) => void;
  /** What was refused of a part: `texts.de.label`. */
  errorAt: (path: string) => string | undefined;
  brand: Pick<BrandName, 'name' | 'default_language'> | undefined;
}) {
  const [language, setLanguage] = useState<Language>(brand?.default_language ?? 'en');
  const refused = languages.find(({ value }) => errorAt(`texts.${value}`) !== undefined)?.value;
  // What is to be mended is shown.
  useEffect(() => {
    if (refused) setLanguage(refused);
  }, [refused]);
  const words = texts[language];
  const change = (part: Partial<TypedWords>) => set({ ...texts, [language]: { ...words, ...part } });
  return (
    <Stack gap="md">
      <NativeSelect
        label="Language"
        description="A customer reads their own, else their brand’s, else English."
        data={languages.map(({ value, label }) => ({
          value,
          label: isWritten(texts[value]) ? `${label} (written)` : label,
        }))}
        value={language}
        onChange={(event) => {
          const chosen = languages.find(({ value }) => value === event.currentTarget.value);
          if (chosen) setLanguage(chosen.value);
        }}
      />
      <Textarea
        label="Beside the box"
        description="What a yes is a yes to, in one sentence. {brand} becomes the brand’s name."
        autosize
        minRows={2}
        maxLength={500}
        value={words.label}
        error={errorAt(`texts.${language}.label`)}
        onChange={(event) => change({ label: event.currentTarget.value })}
      />
      <Textarea
        label="Small print"
        description="What it means, how often, how it is taken back. Plain text: markup is shown as it is typed."
        autosize
        minRows={2}
        maxRows={12}
        maxLength={10_000}
        value={words.details}
        error={errorAt(`texts.${language}.details`)}
        onChange={(event) => change({ details: event.currentTarget.value })}
      />
      <TextInput
        label="Where the whole text is"
        placeholder="https://shop.example/terms"
        maxLength={2000}
        value={words.link}
        error={errorAt(`texts.${language}.link`)}
        onChange={(event) => change({ link: event.currentTarget.value })}
      />
      <HowItReads texts={typedSoFar(texts)} language={language} brand={brand} />
    </Stack>
  );
}

/** As far as it can be shown: a language that has its words beside the box. */
function typedSoFar(typed: TypedTexts): WordingTexts {
  const texts: WordingTexts = {};
  for (const { value } of languages) {
    const { label, details, link } = typed[value];
    if (label.trim() === '') continue;
    texts[value] = { label, ...(details !== '' && { details }), ...(link.trim() !== '' && { link }) };
  }
  return texts;
}
