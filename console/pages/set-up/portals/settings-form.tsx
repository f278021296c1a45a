import { Checkbox, Fieldset, NativeSelect, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { z } from 'zod';
import type { grantType } from '../../../../contract/portals.ts';
import type { Form } from '../../../ui/form.ts';
import { NumberField, onlyNumbers } from '../../../ui/number-field.tsx';
import type { Brand } from '../brands/api.ts';
import { Choice } from '../choice.tsx';
import { mfaPolicies } from '../mfa-policies.ts';
import { appTypes } from './api.ts';
import type { PortalValues } from './values.ts';

type GrantType = z.infer<typeof grantType>;
type Names<T> = { [N in keyof PortalValues]: PortalValues[N] extends T ? N : never }[keyof PortalValues];

const addresses: readonly { name: Names<string>; label: string; about: string; placeholder: string }[] = [
  {
    name: 'callbacks',
    label: 'Callback addresses',
    about: 'Where customers come back to after signing in. One a line, matched to the letter.',
    placeholder: 'https://shop.example/callback',
  },
  {
    name: 'allowed_logout_urls',
    label: 'Addresses after signing out',
    about: 'One a line, matched to the letter.',
    placeholder: 'https://shop.example/',
  },
  {
    name: 'web_origins',
    label: 'Web origins',
    about: 'May sign in silently and call with a customer’s token from the browser.',
    placeholder: 'https://shop.example',
  },
  {
    name: 'allowed_origins',
    label: 'Further origins (CORS)',
    about: 'One a line.',
    placeholder: 'https://shop.example',
  },
];

const methods = [
  { value: 'none', label: 'Not at all (PKCE alone): pages and apps' },
  { value: 'client_secret_post', label: 'Secret in the request' },
  { value: 'client_secret_basic', label: 'Secret in the header (Basic)' },
] as const;

const grants: readonly { value: GrantType; label: string }[] = [
  { value: 'authorization_code', label: 'Sign-in on our pages' },
  { value: 'refresh_token', label: 'Refresh tokens' },
  { value: 'client_credentials', label: 'As a machine (client credentials)' },
  { value: 'urn:ietf:params:oauth:grant-type:device_code', label: 'Devices without a keyboard' },
  { value: 'password', label: 'Password in a form of its own' },
  { value: 'http://auth0.com/oauth/grant-type/password-realm', label: 'Password, of a named connection' },
  { value: 'http://auth0.com/oauth/grant-type/passwordless/otp', label: 'Mailed or texted codes in a form of its own' },
  { value: 'http://auth0.com/oauth/grant-type/mfa-otp', label: 'Second factor: authenticator app' },
  { value: 'http://auth0.com/oauth/grant-type/mfa-oob', label: 'Second factor: sent code' },
  { value: 'http://auth0.com/oauth/grant-type/mfa-recovery-code', label: 'Second factor: recovery code' },
];

const switches: readonly { name: Names<boolean>; label: string; about: string }[] = [
  {
    name: 'require_pushed_authorization_requests',
    label: 'Only pushed requests (PAR)',
    about: 'What is asked for is sent by the server, not through the browser.',
  },
  {
    name: 'require_proof_of_possession',
    label: 'Tokens bound to a key (DPoP)',
    about: 'A stolen token is good for nothing.',
  },
  {
    name: 'require_consent',
    label: 'No tokens without the consents that the brand requires',
    about: 'Also where no page can ask for them.',
  },
  {
    name: 'sso_disabled',
    label: 'Everybody signs in anew',
    about: 'A session that began at another portal is not used.',
  },
];

const numbers: readonly { name: Names<number>; label: string; about: string; least: number; most: number }[] = [
  { name: 'id_token_minutes', label: 'ID token: minutes', about: 'How long it is good.', least: 1, most: 43_200 },
  { name: 'refresh_days', label: 'Refresh token: days', about: '0: it has no end.', least: 0, most: 1826 },
  { name: 'idle_days', label: 'Refresh token: days unused', about: '0: it has no end.', least: 0, most: 1826 },
  { name: 'leeway', label: 'Overlap: seconds', about: 'A rotated token is good so much longer.', least: 0, most: 60 },
];

/** Everything of a portal that can be set, in groups. */
export function SettingsForm({
  form,
  brands,
  disabled,
}: {
  form: Form<PortalValues>;
  brands: readonly Brand[];
  disabled: boolean;
}) {
  const { values } = form;
  const isMachine = values.app_type === 'non_interactive';
  return (
    <Fieldset disabled={disabled} variant="unstyled">
      <Stack gap="lg">
        <Fieldset legend="Basics">
          <Stack gap="md">
            <TextInput label="Name" required {...text('name')} />
            <TextInput label="Description" {...text('description')} />
            <Choice
              label="Type"
              options={appTypes}
              value={values.app_type}
              set={(value) => form.set('app_type', value)}
              error={form.error('app_type')}
            />
            {isMachine ? null : (
              <NativeSelect
                label="Brand"
                data={brands.map(({ id, name }) => ({ value: id, label: name }))}
                value={values.brand}
                error={form.error('brand')}
                onChange={(event) => form.set('brand', event.currentTarget.value)}
              />
            )}
            <Switch
              label="Open"
              description="Closed: nobody signs in there, and its tokens are not renewed."
              checked={values.enabled}
              onChange={(event) => form.set('enabled', event.currentTarget.checked)}
            />
          </Stack>
        </Fieldset>
        {isMachine ? null : (
          <Fieldset legend="Addresses">
            <Stack gap="md">
              {addresses.map(({ name, label, about, placeholder }) => (
                <Textarea
                  key={name}
                  label={label}
                  description={about}
                  placeholder={placeholder}
                  autosize
                  minRows={1}
                  {...text(name)}
                />
              ))}
              <TextInput
                label="Sign-in begins at"
                description="Where we send customers who come here without a portal."
                placeholder="https://shop.example/sign-in"
                {...text('initiate_login_uri')}
              />
              <TextInput
                label="Told when a session ends"
                description="Back-channel logout: we call this address."
                placeholder="https://shop.example/backchannel-logout"
                {...text('backchannel')}
              />
            </Stack>
          </Fieldset>
        )}
        <Fieldset legend="Security">
          <Stack gap="md">
            <Choice
              label="How it proves itself"
              options={methods}
              value={values.token_endpoint_auth_method}
              set={(value) => form.set('token_endpoint_auth_method', value)}
              error={form.error('token_endpoint_auth_method')}
            />
            {isMachine ? null : (
              <Choice
                label="Who is asked for a second factor"
                options={[{ value: '', label: 'As the brand says' }, ...mfaPolicies]}
                value={values.mfa ?? ''}
                set={(value) => form.set('mfa', value === '' ? null : value)}
              />
            )}
            {switches.map(({ name, label, about }) => (
              <Switch
                key={name}
                label={label}
                description={about}
                checked={values[name]}
                onChange={(event) => form.set(name, event.currentTarget.checked)}
              />
            ))}
            <Checkbox.Group
              label="What it may ask tokens by"
              value={values.grant_types}
              error={form.error('grant_types')}
              onChange={(chosen) =>
                form.set(
                  'grant_types',
                  grants.map(({ value }) => value).filter((value) => chosen.includes(value)),
                )
              }
            >
              <Stack gap="xs" mt="xs">
                {grants.map(({ value, label }) => (
                  <Checkbox key={value} value={value} label={label} />
                ))}
              </Stack>
            </Checkbox.Group>
          </Stack>
        </Fieldset>
        {isMachine ? null : (
          <Fieldset legend="Tokens">
            <Stack gap="md">
              <Switch
                label="Refresh tokens rotate"
                description="Each use gives a new one; a used one that comes again ends them all."
                checked={values.rotates}
                onChange={(event) => form.set('rotates', event.currentTarget.checked)}
              />
              {numbers.map(({ name, label, about, least, most }) => (
                <NumberField
                  key={name}
                  label={label}
                  description={about}
                  min={least}
                  max={most}
                  value={values[name]}
                  error={form.error(name)}
                  onChange={onlyNumbers((number) => form.set(name, number))}
                />
              ))}
            </Stack>
          </Fieldset>
        )}
      </Stack>
    </Fieldset>
  );

  function text(name: Names<string>) {
    return {
      value: String(values[name]),
      error: form.error(name),
      onChange: (event: { currentTarget: { value: string } }) => form.set(name, event.currentTarget.value),
    };
  }
}
