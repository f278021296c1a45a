import { ActionIcon, Button, Fieldset, Group, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import type { Language } from '../../../contract/brands.ts';
import type { Attribute, QuestionField } from './api.ts';
import { FieldForm } from './field-form.tsx';
import { fieldOf, freeKey } from './field-kinds.ts';

const most = 6;

/** What is asked for, in its order. */
export function FieldsForm({
  fields,
  catalogue,
  language,
  set,
  errorAt,
  disabled,
}: {
  fields: readonly QuestionField[];
  catalogue: readonly Attribute[];
  language: Language;
  set: (fields: readonly QuestionField[]) => void;
  errorAt: (path: string) => string | undefined;
  disabled: boolean;
}) {
  function move(from: number, to: number): void {
    const moved = fields[from];
    if (moved && to >= 0 && to < fields.length) set(fields.toSpliced(from, 1).toSpliced(to, 0, moved));
  }
  function add(): void {
    const key = freeKey(
      fields.map((field) => field.key),
      'new',
    );
    set([...fields, fieldOf('text', { key })]);
  }
  return (
    <Stack gap="md">
      <datalist id="askable-attributes">
        {catalogue.map(({ path, labels }) => (
          <option key={path} value={path}>
            {labels.en ?? path}
          </option>
        ))}
      </datalist>
      {[...fields.entries()].map(([place, field]) => {
        const name = `Field ${place + 1}`;
        return (
          <Fieldset key={field.key} legend={name} disabled={disabled}>
            <Stack gap="sm">
              <FieldForm
                name={name}
                field={field}
                language={language}
                set={(next) => set(fields.with(place, next))}
                errorAt={(path) => errorAt(path === '' ? `fields[${place}]` : `fields[${place}].${path}`)}
              />
              {fields.length > 1 ? (
                <Group gap="xs">
                  <ActionIcon variant="default" aria-label={`${name}: up`} onClick={() => move(place, place - 1)}>
                    <IconArrowUp size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon variant="default" aria-label={`${name}: down`} onClick={() => move(place, place + 1)}>
                    <IconArrowDown size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    aria-label={`${name}: take away`}
                    onClick={() => set(fields.toSpliced(place, 1))}
                  >
                    <IconX size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              ) : null}
            </Stack>
          </Fieldset>
        );
      })}
      {errorAt('fields') === undefined ? null : (
        <Text size="xs" c="var(--mantine-color-error)">
          {errorAt('fields')}
        </Text>
      )}
      {fields.length < most && !disabled ? (
        <div>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
            Add a field
          </Button>
        </div>
      ) : null}
    </Stack>
  );
}
