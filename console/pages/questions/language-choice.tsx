import { NativeSelect } from '@mantine/core';
import type { Language } from '../../../contract/brands.ts';
import { languages } from '../../ui/languages.ts';

/** One of the languages of the customers' pages. */
export function LanguageChoice({
  label,
  value,
  set,
}: {
  label: string;
  value: Language;
  set: (language: Language) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      label={label}
      data={[...languages]}
      value={value}
      onChange={(event) => {
        const chosen = languages.find((one) => one.value === event.currentTarget.value);
        if (chosen) set(chosen.value);
      }}
    />
  );
}
