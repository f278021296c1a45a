import { Stack, Switch, Textarea } from '@mantine/core';
import type { Form } from '../../../ui/form.ts';
import { fromLines, toLines } from '../../../ui/lines.ts';
import { NumberField, onlyNumbers } from '../../../ui/number-field.tsx';
import { Choice } from '../choice.tsx';
import { type ConnectionValues, flagIn, type Options, partIn, textIn, withOption } from './values.ts';

const policies = [
  { value: 'low', label: 'Long enough (8 characters)' },
  { value: 'fair', label: 'Fair: not quickly guessed' },
  { value: 'good', label: 'Good: hard to guess' },
  { value: 'excellent', label: 'Excellent: very hard to guess' },
] as const;
const offers = [
  { value: 'both', label: 'By autofill and a button' },
  { value: 'autofill', label: 'By autofill' },
  { value: 'button', label: 'By a button' },
] as const;

/** Settings of a password store. */
export function PasswordForm({ form, disabled }: { form: Form<ConnectionValues>; disabled: boolean }) {
  const { options } = form.values;
  const set = (name: string, value: Options[string]) => form.set('options', withOption(options, name, value));
  const history = partIn(options, 'password_history');
  const dictionary = partIn(options, 'password_dictionary');
  const words = Array.isArray(dictionary.dictionary) ? dictionary.dictionary.map(String) : [];
  const hasPasskeys = flagIn(partIn(partIn(options, 'authentication_methods'), 'passkey'), 'enabled', true);
  const offered = textIn(partIn(options, 'passkey_options'), 'challenge_ui');
  return (
    <Stack gap="md">
      <Switch
        label="Customers sign up by themselves"
        description="Off: accounts are made by the API or an import only."
        disabled={disabled}
        checked={!flagIn(options, 'disable_signup', false)}
        onChange={(event) => set('disable_signup', !event.currentTarget.checked)}
      />
      <Switch
        label="Customers have a user name, too"
        disabled={disabled}
        checked={flagIn(options, 'requires_username', false)}
        error={form.errorAt('options.requires_username')}
        onChange={(event) => set('requires_username', event.currentTarget.checked)}
      />
      <Switch
        label="Passkeys"
        description="Fingerprint, face or PIN of the device in place of a password."
        disabled={disabled}
        checked={hasPasskeys}
        onChange={(event) => set('authentication_methods', { passkey: { enabled: event.currentTarget.checked } })}
      />
      {hasPasskeys ? (
        <Choice
          label="How passkeys are offered"
          options={offers}
          disabled={disabled}
          value={offers.find(({ value }) => value === offered)?.value ?? 'both'}
          set={(challenge_ui) => set('passkey_options', { challenge_ui })}
        />
      ) : null}
      <Choice
        label="How hard a new password must be to guess"
        options={policies}
        disabled={disabled}
        value={policies.find(({ value }) => value === options.passwordPolicy)?.value ?? 'low'}
        set={(value) => set('passwordPolicy', value)}
      />
      <NumberField
        label="Characters at least"
        min={8}
        max={128}
        disabled={disabled}
        error={form.errorAt('options.password_complexity_options')}
        value={Number(partIn(options, 'password_complexity_options').min_length ?? 8)}
        onChange={onlyNumbers((min_length) => set('password_complexity_options', { min_length }))}
      />
      <NumberField
        label="Earlier passwords that are not taken again"
        description="0: any may be."
        min={0}
        max={24}
        disabled={disabled}
        error={form.errorAt('options.password_history')}
        value={flagIn(history, 'enable', false) ? Number(history.size ?? 5) : 0}
        onChange={onlyNumbers((size) => set('password_history', size === 0 ? null : { enable: true, size }))}
      />
      <Switch
        label="No name or address in the password"
        disabled={disabled}
        checked={flagIn(partIn(options, 'password_no_personal_info'), 'enable', false)}
        onChange={(event) => set('password_no_personal_info', { enable: event.currentTarget.checked })}
      />
      <Switch
        label="No common passwords"
        description="Nor words of your own: brands, products, towns."
        disabled={disabled}
        checked={flagIn(dictionary, 'enable', false)}
        onChange={(event) => set('password_dictionary', { enable: event.currentTarget.checked, dictionary: words })}
      />
      {flagIn(dictionary, 'enable', false) ? (
        <Textarea
          label="Words of your own"
          description="One a line."
          autosize
          minRows={2}
          disabled={disabled}
          error={form.errorAt('options.password_dictionary')}
          defaultValue={toLines(words)}
          onChange={(event) =>
            set('password_dictionary', { enable: true, dictionary: fromLines(event.currentTarget.value) })
          }
        />
      ) : null}
    </Stack>
  );
}
