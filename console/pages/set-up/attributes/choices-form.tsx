import { ActionIcon, Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Language } from '../../../../contract/brands.ts';
import { languages } from '../../../ui/languages.ts';
import type { Choice } from './values.ts';

/** What can be chosen: the values as they are stored, and how customers and staff read them. */
export function ChoicesForm({
  choices,
  set,
  error,
}: {
  choices: readonly Choice[];
  set: (choices: Choice[]) => void;
  error: string | undefined;
}) {
  const [language, setLanguage] = useState<Language>('en');
  const name = languages.find(({ value }) => value === language)?.label;
  const change = (place: number, part: Partial<Choice>) =>
    set(choices.map((one, at) => (at === place ? { ...one, ...part } : one)));
  return (
    <Fieldset legend="Values to choose from">
      <Stack gap="xs">
        <NativeSelect
          size="xs"
          label="Language of the words"
          data={[...languages]}
          value={language}
          onChange={(event) => {
            const chosen = languages.find(({ value }) => value === event.currentTarget.value);
            if (chosen) setLanguage(chosen.value);
          }}
        />
        {[...choices.entries()].map(([place, choice]) => (
          <Group key={place} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={`Value ${place + 1}`}
              placeholder="As it is stored"
              maxLength={100}
              flex={1}
              value={choice.value}
              onChange={(event) => change(place, { value: event.currentTarget.value })}
            />
            <TextInput
              aria-label={`Words for value ${place + 1}: ${name}`}
              placeholder={choice.value || 'As it is read'}
              maxLength={100}
              flex={1}
              value={choice.labels[language] ?? ''}
              onChange={(event) =>
                change(place, { labels: { ...choice.labels, [language]: event.currentTarget.value } })
              }
            />
            <ActionIcon
              variant="default"
              aria-label={`Take value ${place + 1} away`}
              onClick={() => set(choices.filter((_, at) => at !== place))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        {error === undefined ? null : (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            {error}
          </Text>
        )}
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set([...choices, { value: '', labels: {} }])}
          >
            Add a value
          </Button>
        </div>
        <Text size="xs" c="dimmed">
          Customers who have a value that is taken away here keep it.
        </Text>
      </Stack>
    </Fieldset>
  );
}
