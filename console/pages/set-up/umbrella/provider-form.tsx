import { Fieldset, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { Choice } from '../choice.tsx';
import type { ProviderValues } from './values.ts';

const contentTypes = [
  { value: 'application/json', label: 'JSON' },
  { value: 'application/x-www-form-urlencoded', label: 'Form' },
] as const;

/** Who carries texts or calls. */
export function ProviderForm({
  legend,
  about,
  known,
  values,
  set,
  errorAt,
}: {
  legend: string;
  about: string;
  /** Names of the headers that are kept. */
  known: readonly string[] | undefined;
  values: ProviderValues;
  set: (values: ProviderValues) => void;
  errorAt: (name: string) => string | undefined;
}) {
  return (
    <Fieldset legend={legend}>
      <Stack gap="md">
        <Switch
          label="Offered"
          description={about}
          checked={values.isOn}
          onChange={(event) => set({ ...values, isOn: event.currentTarget.checked })}
        />
        {values.isOn ? (
          <>
            <TextInput
              label="Address"
              placeholder="https://api.carrier.example/messages"
              required
              value={values.url}
              error={errorAt('url')}
              onChange={(event) => set({ ...values, url: event.currentTarget.value })}
            />
            <Choice
              label="Sent as"
              options={contentTypes}
              value={values.content_type}
              set={(content_type) => set({ ...values, content_type })}
            />
            <Textarea
              label="Body"
              description="{to} and {text} are filled in, if you like {language} and {id}, too."
              required
              autosize
              value={values.body}
              error={errorAt('body')}
              onChange={(event) => set({ ...values, body: event.currentTarget.value })}
            />
            <Textarea
              label="Headers"
              description="Name: value, one a line. They hold the carrier’s key, so they are encrypted and never shown again."
              placeholder="Authorization: Bearer …"
              autosize
              spellCheck={false}
              value={values.headers}
              error={errorAt('headers')}
              onChange={(event) => set({ ...values, headers: event.currentTarget.value })}
            />
            {known && known.length > 0 ? (
              <Text size="sm" c="dimmed">
                Kept: {known.join(', ')}. A line without a value leaves it as it is; for the address of another server
                it is typed anew. Without its line a header is gone.
              </Text>
            ) : null}
          </>
        ) : null}
      </Stack>
    </Fieldset>
  );
}
