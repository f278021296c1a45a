import { ActionIcon, Fieldset, Group, NativeSelect, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { FactSource } from '../../../../contract/customers.ts';
import type { Form } from '../../../ui/form.ts';
import { languages } from '../../../ui/languages.ts';
import { NumberField, onlyNumbers } from '../../../ui/number-field.tsx';
import type { Brand } from '../brands/api.ts';
import { Choice } from '../choice.tsx';
import { sources, types } from './api.ts';
import { ChoicesForm } from './choices-form.tsx';
import type { AttributeValues } from './values.ts';

/** One row of the catalogue. */
export function AttributeForm({
  form,
  brands,
  isNew,
  isSystem,
  disabled,
}: {
  form: Form<AttributeValues>;
  brands: readonly Brand[];
  isNew: boolean;
  isSystem: boolean;
  disabled: boolean;
}) {
  const { values } = form;
  const isChoice = values.type === 'choice' || values.type === 'choices';
  return (
    <Fieldset variant="unstyled" disabled={disabled}>
      <Stack gap="md">
        {isNew ? (
          <TextInput
            label="Path"
            description="user_metadata.… is the customer’s, app_metadata.… yours, brands.<short name>.… one brand’s. It stays for ever."
            placeholder="user_metadata.scents"
            required
            data-autofocus
            value={values.path}
            error={form.error('path')}
            onChange={(event) => form.set('path', event.currentTarget.value)}
          />
        ) : null}
        <Choice
          label="Type"
          about={isSystem ? 'Of a standard attribute it stays.' : undefined}
          options={types}
          disabled={isSystem}
          value={values.type}
          error={form.error('type')}
          set={(type) => form.set('type', type)}
        />
        {isChoice ? (
          <ChoicesForm
            choices={values.choices}
            set={(choices) => form.set('choices', choices)}
            error={form.error('choices')}
          />
        ) : null}
        <Fieldset legend="What it is called">
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {languages.map(({ value, label }) => (
              <TextInput
                key={value}
                label={label}
                maxLength={100}
                value={values.labels[value] ?? ''}
                error={form.errorAt(`labels.${value}`)}
                onChange={(event) => form.set('labels', { ...values.labels, [value]: event.currentTarget.value })}
              />
            ))}
          </SimpleGrid>
        </Fieldset>
        <NativeSelect
          label="Whose attribute it is"
          data={[
            { value: '', label: 'Of all brands' },
            ...brands.map(({ id, name }) => ({ value: id, label: `Of ${name} alone` })),
          ]}
          value={values.brand}
          error={form.error('brand')}
          onChange={(event) => form.set('brand', event.currentTarget.value)}
        />
        <Switch
          label="Sensitive"
          description="Needs the customer’s explicit consent; staff see it only where their role says so."
          checked={values.sensitive}
          onChange={(event) => form.set('sensitive', event.currentTarget.checked)}
        />
        <Switch
          label="Usable in segments"
          checked={values.segmentable}
          onChange={(event) => form.set('segmentable', event.currentTarget.checked)}
        />
        {values.path.startsWith('app_metadata.') ? (
          <Switch
            label="Questions may ask for it"
            description="Customers then write it themselves: never for what decides what they may do."
            checked={values.askable}
            onChange={(event) => form.set('askable', event.currentTarget.checked)}
          />
        ) : null}
        <NumberField
          label="Days without news after which it is forgotten"
          description="0: it stays."
          min={0}
          max={36_500}
          value={values.retention_days}
          error={form.error('retention_days')}
          onChange={onlyNumbers((days) => form.set('retention_days', days))}
        />
        <Ranking ranking={values.ranking} set={(ranking) => form.set('ranking', ranking)} />
      </Stack>
    </Fieldset>
  );
}

/** Whom to believe, in order. */
function Ranking({ ranking, set }: { ranking: readonly FactSource[]; set: (ranking: FactSource[]) => void }) {
  function move(from: number, by: number): void {
    const next = [...ranking];
    const [one] = next.splice(from, 1);
    if (one) next.splice(from + by, 0, one);
    set(next);
  }
  return (
    <Fieldset legend="Whom to believe when sources differ">
      <Stack gap="xs">
        <Switch
          label="An order of its own"
          description="Off: proven before said, the customer before others, then the newest."
          checked={ranking.length > 0}
          onChange={(event) => set(event.currentTarget.checked ? sources.map(({ value }) => value) : [])}
        />
        {ranking.map((source, place) => {
          const label = sources.find(({ value }) => value === source)?.label ?? source;
          return (
            <Group key={source} gap="xs" wrap="nowrap" justify="space-between">
              <Text size="sm">
                {place + 1}. {label}
              </Text>
              <Group gap={4} wrap="nowrap">
                <ActionIcon
                  variant="default"
                  aria-label={`${label}: up`}
                  disabled={place === 0}
                  onClick={() => move(place, -1)}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="default"
                  aria-label={`${label}: down`}
                  disabled={place === ranking.length - 1}
                  onClick={() => move(place, 1)}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
              </Group>
            </Group>
          );
        })}
      </Stack>
    </Fieldset>
  );
}
