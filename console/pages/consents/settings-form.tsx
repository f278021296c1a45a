import { Alert, NativeSelect, Stack, Switch } from '@mantine/core';
import type { ConsentPurpose } from '../../../contract/consents.ts';
import type { Form } from '../../ui/form.ts';
import { NumberField } from '../../ui/number-field.tsx';
import type { SettingsValues } from './values.ts';

const switches = [
  {
    name: 'required',
    label: 'Required',
    about: 'Nobody goes on without a yes where it is asked. Who does not agree is back at the portal, not signed in.',
  },
  {
    name: 'at_sign_up',
    label: 'Ask at sign-up',
    about:
      'Newcomers, at each brand: on the sign-up page, or at the first sign-in of who comes by a network or a code. If it is required, whoever has not answered.',
  },
  {
    name: 'in_journey',
    label: 'Ask after a sign-in',
    about: 'Whoever has not answered yet, and who said yes to older words only.',
  },
  {
    name: 'double_opt_in',
    label: 'A yes is confirmed by mail',
    about: 'It counts when the link in a mail was clicked, within five days (double opt-in).',
  },
] as const;

const underAge = [
  { value: 'skip', label: 'Is not asked, and has not allowed it' },
  { value: 'refuse', label: 'Cannot sign in at all' },
] as const;

const unknownAge = [
  { value: 'ask', label: 'Is asked' },
  { value: 'skip', label: 'Is not asked' },
] as const;

/** When it is asked, and of whom. */
export function SettingsForm<V extends SettingsValues>({
  form,
  purpose,
  disabled,
}: {
  form: Pick<Form<V>, 'error'> & { readonly values: V } & {
    set<N extends keyof SettingsValues>(name: N, value: SettingsValues[N]): void;
  };
  purpose: ConsentPurpose;
  disabled: boolean;
}) {
  const { values, set } = form;
  const hasAge = typeof values.minimum_age === 'number';
  return (
    <Stack gap="md">
      {switches.map(({ name, label, about }) => (
        <Switch
          key={name}
          label={label}
          description={about}
          disabled={disabled}
          checked={values[name]}
          error={form.error(name)}
          onChange={(event) => set(name, event.currentTarget.checked)}
        />
      ))}
      {values.required && purpose !== 'terms' ? (
        <Alert color="yellow" title="Who does not want this goes away">
          A yes without which nobody gets in is hardly a free one. Require your terms, and leave the rest to the
          customer.
        </Alert>
      ) : null}
      {values.at_sign_up || values.in_journey ? null : (
        <Alert color="yellow" title="It is not asked by itself">
          Customers find it in their account once its words are published, and a question can ask it.
        </Alert>
      )}
      <NumberField
        label="From what age"
        description="In years, by the birthday in the profile. Empty: whatever the age."
        min={1}
        max={99}
        maw={240}
        disabled={disabled}
        value={values.minimum_age}
        error={form.error('minimum_age')}
        onChange={(value) => set('minimum_age', value)}
      />
      {hasAge ? (
        <>
          <NativeSelect
            label="Who is younger"
            description={values.required ? undefined : 'To keep them out it would have to be required.'}
            disabled={disabled}
            data={values.required ? [...underAge] : underAge.filter(({ value }) => value === 'skip')}
            value={values.required ? values.under_age : 'skip'}
            error={form.error('under_age')}
            onChange={(event) => {
              const chosen = underAge.find(({ value }) => value === event.currentTarget.value);
              if (chosen) set('under_age', chosen.value);
            }}
          />
          <NativeSelect
            label="Who has no birthday in their profile"
            disabled={disabled}
            data={[...unknownAge]}
            value={values.unknown_age}
            error={form.error('unknown_age')}
            onChange={(event) => {
              const chosen = unknownAge.find(({ value }) => value === event.currentTarget.value);
              if (chosen) set('unknown_age', chosen.value);
            }}
          />
        </>
      ) : null}
      <NumberField
        label="Place among the others"
        description="Lower ones are asked first."
        min={-1_000_000}
        max={1_000_000}
        maw={240}
        disabled={disabled}
        value={values.position}
        error={form.error('position')}
        onChange={(value) => set('position', value)}
      />
    </Stack>
  );
}
