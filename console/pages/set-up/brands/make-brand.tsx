import { NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Language } from '../../../../contract/brands.ts';
import { useForm } from '../../../ui/form.ts';
import { languages } from '../../../ui/languages.ts';
import { MakeForm } from '../../../ui/make-form.tsx';
import { type Brand, makeBrand } from './api.ts';

/** What a brand begins with; the rest has its defaults. */
export function MakeBrand({ done, cancel }: { done: (brand: Brand) => void; cancel?: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm<{ name: string; slug: string; default_language: Language }>({
    name: '',
    slug: '',
    default_language: 'en',
  });
  const [ownSlug, setOwnSlug] = useState(false);
  const { values } = form;

  function submit(): Promise<boolean> {
    return form.save(async () => {
      const made = await makeBrand(values);
      await queryClient.invalidateQueries({ queryKey: ['brands'] });
      done(made);
    });
  }

  return (
    <MakeForm form={form} make={submit} label="Make the brand" cancel={cancel}>
      <TextInput
        label="Name"
        description="As customers know it."
        placeholder="Lumière"
        required
        maxLength={200}
        data-autofocus
        value={values.name}
        error={form.error('name')}
        onChange={(event) => {
          const name = event.currentTarget.value;
          form.set('name', name);
          if (!ownSlug) form.set('slug', slugOf(name));
        }}
      />
      <TextInput
        label="Short name"
        description="Stands in addresses and in the paths of its attributes. It stays for ever."
        placeholder="lumiere"
        required
        maxLength={63}
        value={values.slug}
        error={form.error('slug')}
        onChange={(event) => {
          setOwnSlug(true);
          form.set('slug', event.currentTarget.value);
        }}
      />
      <NativeSelect
        label="Language"
        description="Spoken to whoever’s browser asks for none of ours."
        data={[...languages]}
        value={values.default_language}
        onChange={(event) => {
          const chosen = languages.find(({ value }) => value === event.currentTarget.value);
          if (chosen) form.set('default_language', chosen.value);
        }}
      />
    </MakeForm>
  );
}

/** "Lumière Paris" -> "lumiere-paris" */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}
