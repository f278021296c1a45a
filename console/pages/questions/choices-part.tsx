import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Language } from '../../../contract/brands.ts';
import type { QuestionTexts } from '../../../contract/questions.ts';
import { blankChoice } from './field-kinds.ts';
import { withText } from './values.ts';

type Choice = { value: string; labels: QuestionTexts; picture?: string | undefined };

/** What can be chosen: as it is kept, as it is read, and as it looks. */
export function ChoicesPart({
  choices,
  withPictures,
  language,
  set,
  errorAt,
}: {
  choices: readonly Choice[];
  withPictures: boolean;
  language: Language;
  set: (choices: Choice[]) => void;
  /** What was refused of them: of all (``), or of a part (`[0].value`). */
  errorAt: (path: string) => string | undefined;
}) {
  const change = (place: number, part: Partial<Choice>) =>
    set(choices.map((one, at) => (at === place ? { ...one, ...part } : one)));
  const refused = errorAt('');
  return (
    <Stack gap="xs" role="group" aria-label="Choices">
      {[...choices.entries()].map(([place, choice]) => (
        <Stack key={place} gap={4}>
          <Group gap="xs" align="flex-start" wrap="nowrap">
            <TextInput
              size="xs"
              flex={1}
              aria-label={`Value ${place + 1}`}
              placeholder="As it is kept"
              maxLength={100}
              value={choice.value}
              error={errorAt(`[${place}].value`)}
              onChange={(event) => change(place, { value: event.currentTarget.value })}
            />
            <TextInput
              size="xs"
              flex={1}
              aria-label={`Words for value ${place + 1}`}
              placeholder={choice.labels.en ?? 'As it is read'}
              maxLength={200}
              value={choice.labels[language] ?? ''}
              error={errorAt(`[${place}].labels`)}
              onChange={(event) =>
                change(place, { labels: withText(choice.labels, language, event.currentTarget.value) })
              }
            />
            <ActionIcon
              variant="default"
              aria-label={`Take value ${place + 1} away`}
              onClick={() => set(choices.filter((_, at) => at !== place))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
          {withPictures ? (
            <TextInput
              size="xs"
              aria-label={`Picture of value ${place + 1}`}
              placeholder="https://… (picture)"
              maxLength={2000}
              value={choice.picture ?? ''}
              error={errorAt(`[${place}].picture`)}
              onChange={(event) => change(place, { picture: event.currentTarget.value || undefined })}
            />
          ) : null}
        </Stack>
      ))}
      {refused === undefined ? null : (
        <Text size="xs" c="var(--mantine-color-error)">
          {refused}
        </Text>
      )}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => set([...choices, blankChoice])}
        >
          Add a choice
        </Button>
      </div>
    </Stack>
  );
}
