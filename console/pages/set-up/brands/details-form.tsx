import { NativeSelect, Stack, TextInput } from '@mantine/core';
import type { Form } from '../../../ui/form.ts';
import { languages } from '../../../ui/languages.ts';
import type { BrandValues } from './values.ts';

type Address = 'logo_url' | 'website' | 'privacy_url' | 'terms_url' | 'support_url' | 'mail_from' | 'mail_reply_to';

const addresses: readonly { name: Address; label: string; about: string; placeholder: string }[] = [
  {
    name: 'logo_url',
    label: 'Logo',
    about: 'Address of a picture, 40 pixels high on the page. Without one stands the name.',
    placeholder: 'https://lumiere.example/logo.svg',
  },
  { name: 'website', label: 'Website', about: 'Where customers go back to.', placeholder: 'https://lumiere.example' },
  { name: 'privacy_url', label: 'Privacy notice', about: 'At the foot of each page.', placeholder: 'https://…' },
  { name: 'terms_url', label: 'Terms', about: 'At the foot of each page.', placeholder: 'https://…' },
  { name: 'support_url', label: 'Help', about: 'At the foot of each page.', placeholder: 'https://…' },
  {
    name: 'mail_from',
    label: 'Sender of its mails',
    about: 'Without one, the server’s.',
    placeholder: 'Lumière <hello@lumiere.example>',
  },
  { name: 'mail_reply_to', label: 'Answers to its mails go to', about: '', placeholder: 'help@lumiere.example' },
];

const policies = [
  { value: '', label: 'As the umbrella says' },
  { value: 'never', label: 'Only who has one, on a new device' },
  { value: 'new_device', label: 'Everybody, on a new device' },
  { value: 'always', label: 'Everybody, at every sign-in' },
] as const;

/** Name, language, addresses, mails and who is asked for a second factor. */
export function DetailsForm({ form, disabled }: { form: Form<BrandValues>; disabled: boolean }) {
  const { values } = form;
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        required
        disabled={disabled}
        value={values.name}
        error={form.error('name')}
        onChange={(event) => form.set('name', event.currentTarget.value)}
      />
      <NativeSelect
        label="Language"
        description="Spoken to whoever’s browser asks for none of ours."
        disabled={disabled}
        data={[...languages]}
        value={values.default_language}
        onChange={(event) => {
          const chosen = languages.find(({ value }) => value === event.currentTarget.value);
          if (chosen) form.set('default_language', chosen.value);
        }}
      />
      {addresses.map(({ name, label, about, placeholder }) => (
        <TextInput
          key={name}
          label={label}
          description={about}
          placeholder={placeholder}
          disabled={disabled}
          value={values[name]}
          error={form.error(name)}
          onChange={(event) => form.set(name, event.currentTarget.value)}
        />
      ))}
      <NativeSelect
        label="Who is asked for a second factor"
        disabled={disabled}
        data={[...policies]}
        value={values.mfa ?? ''}
        error={form.error('mfa')}
        onChange={(event) => {
          const chosen = policies.find(({ value }) => value === event.currentTarget.value);
          if (chosen) form.set('mfa', chosen.value === '' ? null : chosen.value);
        }}
      />
    </Stack>
  );
}
