import { Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { ConditionBuilder, InWords } from '../../ui/condition-builder.tsx';
import { nothingAsked } from '../../ui/condition-draft.ts';
import { sentenceOf } from '../../ui/condition-sentence.ts';
import type { Form } from '../../ui/form.ts';
import { Refused } from '../../ui/refused.ts';
import type { Ground } from './use-ground.ts';
import { type QuestionValues, type When, whenOf } from './values.ts';

/** At which brand, from when to when, and the condition. */
export function WhenForm({
  form,
  ground: { brands, fields },
  disabled,
}: {
  form: Form<QuestionValues>;
  ground: Ground;
  disabled: boolean;
}) {
  const { values } = form;
  const { when } = values.content;
  const set = (next: When) => form.set('content', { ...values.content, when: next });
  return (
    <Stack gap="md">
      <NativeSelect
        label="Brand"
        description="At whose portals it is asked."
        disabled={disabled}
        data={[{ value: '', label: 'All brands' }, ...brands.map(({ id, name }) => ({ value: id, label: name }))]}
        value={values.brand}
        error={form.error('brand')}
        onChange={(event) => form.set('brand', event.currentTarget.value)}
      />
      <NativeSelect
        label="Where it is asked"
        description="A portal that asks in a page of its own takes the question from us by the API."
        disabled={disabled}
        data={[
          { value: 'page', label: 'On a page after the sign-in' },
          { value: 'embedded', label: 'In a page of the portal’s own' },
        ]}
        value={values.content.place}
        onChange={(event) => {
          const place = event.currentTarget.value === 'embedded' ? 'embedded' : 'page';
          form.set('content', { ...values.content, place });
        }}
      />
      <Group gap="sm" align="flex-start">
        {(['starts_at', 'ends_at'] as const).map((name) => (
          <TextInput
            key={name}
            type="datetime-local"
            label={name === 'starts_at' ? 'Not before' : 'Not after'}
            description={name === 'starts_at' ? 'Empty: at once.' : 'Empty: for good.'}
            disabled={disabled}
            value={values[name]}
            error={form.error(name)}
            onChange={(event) => form.set(name, event.currentTarget.value)}
          />
        ))}
      </Group>
      <Fieldset legend="Of whom it is asked" disabled={disabled}>
        <Stack gap="sm">
          {'draft' in when ? (
            <ConditionBuilder
              lead="It is asked when"
              draft={when.draft}
              fields={fields}
              set={(draft) => set({ draft })}
            />
          ) : (
            <Group>
              <Text size="sm">This condition goes deeper than can be edited here; it is kept as it is.</Text>
              <Button size="xs" variant="default" onClick={() => set({ draft: nothingAsked })}>
                Write it anew
              </Button>
            </Group>
          )}
          <InWords>{inWords(when, fields)}</InWords>
          {form.errorAt('content.when') === undefined ? null : (
            <Text size="xs" c="var(--mantine-color-error)" role="alert">
              {form.errorAt('content.when')}
            </Text>
          )}
        </Stack>
      </Fieldset>
    </Stack>
  );
}

function inWords(when: When, fields: Ground['fields']): string {
  try {
    const condition = whenOf(when, fields);
    if (condition === null) return 'Asked of everybody of whom something of it is not known.';
    return `Asked when ${sentenceOf(condition, fields)}, and something of it is not known.`;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}
