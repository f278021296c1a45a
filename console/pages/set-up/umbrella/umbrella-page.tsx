import { Fieldset, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import type { Versioned } from '../../../ui/api.ts';
import { useForm } from '../../../ui/form.ts';
import { NumberField, onlyNumbers } from '../../../ui/number-field.tsx';
import { Page } from '../../../ui/page.tsx';
import { SaveBar } from '../../../ui/save-bar.tsx';
import { useMay } from '../../../ui/session.ts';
import { Failed, Loading } from '../../../ui/states.tsx';
import { tell } from '../../../ui/tell.ts';
import { Choice } from '../choice.tsx';
import { mfaPolicies } from '../mfa-policies.ts';
import { changeUmbrella, type Umbrella, umbrellaQuery } from './api.ts';
import { ProviderForm } from './provider-form.tsx';
import { aliases, patchOf, valuesOf } from './values.ts';

export const route = createLazyRoute('/umbrella')({ component: UmbrellaPage });

const verifications = [
  { value: 'preferred', label: 'Fingerprint, face or PIN where the device can' },
  { value: 'required', label: 'Fingerprint, face or PIN, always' },
] as const;
const lookUps = [
  { value: 'nowhere', label: 'Nowhere' },
  { value: 'folder', label: 'Files in the data folder (breached-passwords)' },
  { value: 'address', label: 'A range API' },
] as const;

const reaches = [
  { value: 'customer', label: 'The customer who signs in' },
  { value: 'everybody', label: 'Everybody' },
] as const;

function UmbrellaPage() {
  const { data, error, refetch } = useQuery(umbrellaQuery);
  return (
    <Page title="Umbrella" about="What holds for all brands, unless a brand or a portal says otherwise.">
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="The settings are being read" /> : null}
      {data ? <Settings known={data} reload={async () => (await refetch()).data} /> : null}
    </Page>
  );
}

type Reload = () => Promise<Versioned<Umbrella> | undefined>;

function Settings({ known, reload }: { known: Versioned<Umbrella>; reload: Reload }) {
  const form = useForm(valuesOf(known.value), aliases);
  const disabled = !useMay()('update:umbrella');
  const { values } = form;

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () =>
      changeUmbrella(patchOf(form.changes, values), overwrite ? undefined : known.version),
    );
    if (!isSaved) return;
    // Keys that were typed are not shown again.
    await showTheirs();
    tell({ message: 'The settings are saved and hold from now on.' });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset(valuesOf(theirs.value));
  }

  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Fieldset variant="unstyled" disabled={disabled}>
        <Stack gap="lg" maw={680}>
          <Fieldset legend="Signing in">
            <Stack gap="md">
              <Choice
                label="Who is asked for a second factor"
                options={mfaPolicies}
                value={values.mfa}
                set={(value) => form.set('mfa', value)}
              />
              <Choice
                label="A passkey proves who holds it by"
                options={verifications}
                value={values.passkey_user_verification}
                set={(value) => form.set('passkey_user_verification', value)}
              />
              <Choice
                label="Breached passwords are looked up"
                about="A password that was stolen elsewhere is not taken. Only the beginning of its hash leaves the server."
                options={lookUps}
                value={values.breached}
                set={(value) => form.set('breached', value)}
              />
              {values.breached === 'address' ? (
                <TextInput
                  label="Address of the range API"
                  value={values.breached_address}
                  error={form.error('breached_address')}
                  onChange={(event) => form.set('breached_address', event.currentTarget.value)}
                />
              ) : null}
            </Stack>
          </Fieldset>
          <ProviderForm
            legend="Text messages"
            about="One request for each message, to whoever carries it."
            known={known.value.sms_provider?.headers}
            values={values.sms_provider}
            set={(provider) => form.set('sms_provider', provider)}
            errorAt={(name) => form.errorAt(`sms_provider.${name}`)}
          />
          <ProviderForm
            legend="Calls"
            about="The same for a voice that reads the code."
            known={known.value.voice_provider?.headers}
            values={values.voice_provider}
            set={(provider) => form.set('voice_provider', provider)}
            errorAt={(name) => form.errorAt(`voice_provider.${name}`)}
          />
          <Fieldset legend="Erasure">
            <NumberField
              label="Days to change one’s mind"
              description="Between a customer’s wish to be erased and the erasure. 0: at once."
              min={0}
              max={90}
              value={values.erasure_days}
              error={form.error('erasure_days')}
              onChange={onlyNumbers((days) => form.set('erasure_days', days))}
            />
          </Fieldset>
          <Fieldset legend="Questions">
            <NumberField
              label="Days of peace after a question"
              description="For so long a customer is asked nothing else, whether they answered or not. 0: at the next sign-in, too."
              min={0}
              max={365}
              value={values.question_pause_days}
              error={form.error('question_pause_days')}
              onChange={onlyNumbers((days) => form.set('question_pause_days', days))}
            />
          </Fieldset>
          <Fieldset legend="Rules and actions">
            <Choice
              label="Whom code may reach"
              about="By auth0.accessToken and metadata. Rules that join accounts or look up others need everybody."
              options={reaches}
              value={values.code_reaches}
              set={(value) => form.set('code_reaches', value)}
              error={form.error('code_reaches')}
            />
          </Fieldset>
          <Fieldset legend="Addresses">
            <Stack gap="md">
              <Textarea
                label="Own services that may be called"
                description="host:port, one a line: private addresses are refused otherwise."
                placeholder="crm.internal:8443"
                autosize
                value={values.outgoing_hosts}
                error={form.error('outgoing_hosts')}
                onChange={(event) => form.set('outgoing_hosts', event.currentTarget.value)}
              />
              <Textarea
                label="Where signing out may return to"
                description="When it names no portal. One a line, matched to the letter."
                placeholder="https://example.com/"
                autosize
                value={values.allowed_logout_urls}
                error={form.error('allowed_logout_urls')}
                onChange={(event) => form.set('allowed_logout_urls', event.currentTarget.value)}
              />
            </Stack>
          </Fieldset>
          {disabled ? null : <SaveBar form={form} save={(over) => void save(over)} reload={() => void showTheirs()} />}
        </Stack>
      </Fieldset>
    </form>
  );
}
