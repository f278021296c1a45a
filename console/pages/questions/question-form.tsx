import { Button, Grid, Group, Stack, Tabs, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Language } from '../../../contract/brands.ts';
import type { Form } from '../../ui/form.ts';
import { Problem } from '../../ui/save-bar.tsx';
import type { QuestionContent, QuestionVariant } from './api.ts';
import { FieldsForm } from './fields-form.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { Preview } from './preview.tsx';
import { TactForm } from './tact-form.tsx';
import type { Ground } from './use-ground.ts';
import type { QuestionValues } from './values.ts';
import { WhenForm } from './when-form.tsx';
import { WordsForm } from './words-form.tsx';

/** What is asked, of whom and when, with the page as customers will see it. */
export function QuestionForm({
  form,
  ground,
  disabled,
}: {
  form: Form<QuestionValues>;
  ground: Ground;
  disabled: boolean;
}) {
  const [language, setLanguage] = useState<Language>('en');
  const [place, setPlace] = useState(0);
  const { content, brand } = form.values;
  const { variants } = content;
  const at = Math.min(place, variants.length - 1);
  const variant = variants[at];
  const set = (part: Partial<QuestionValues['content']>) => form.set('content', { ...content, ...part });
  const setVariant = (next: QuestionVariant) => set({ variants: variants.with(at, next) });
  const refused = form.error('content');
  if (!variant) return null;
  const errorAt = (path: string) => form.errorAt(`content.variants[${at}].${path}`);
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="For you and your colleagues."
            maxLength={100}
            disabled={disabled}
            value={form.values.name}
            error={form.error('name')}
            onChange={(event) => form.set('name', event.currentTarget.value)}
          />
          {refused === undefined ? null : <Problem text={refused} />}
          <Tabs defaultValue="page">
            <Tabs.List className="wraps">
              <Tabs.Tab value="page">The page</Tabs.Tab>
              <Tabs.Tab value="when">Whom and when</Tabs.Tab>
              <Tabs.Tab value="tact">Tact</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="page" pt="md">
              <Stack gap="md">
                <Variants
                  variants={variants}
                  at={at}
                  choose={setPlace}
                  set={(next) => set({ variants: next })}
                  disabled={disabled}
                />
                <LanguageChoice label="Language of the words" value={language} set={setLanguage} />
                <WordsForm
                  variant={variant}
                  brands={ground.brands}
                  language={language}
                  set={setVariant}
                  errorAt={errorAt}
                  disabled={disabled}
                />
                <FieldsForm
                  fields={variant.fields}
                  catalogue={ground.catalogue}
                  language={language}
                  set={(fields) => setVariant({ ...variant, fields: [...fields] })}
                  errorAt={errorAt}
                  disabled={disabled}
                />
              </Stack>
            </Tabs.Panel>
            <Tabs.Panel value="when" pt="md">
              <WhenForm form={form} ground={ground} disabled={disabled} />
            </Tabs.Panel>
            <Tabs.Panel value="tact" pt="md">
              <TactForm content={content} set={set} disabled={disabled} />
            </Tabs.Panel>
          </Tabs>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Preview variant={variant} brands={ground.brands} own={brand} language={language} />
      </Grid.Col>
    </Grid>
  );
}

/** One way to put it, or two that run against each other. */
function Variants({
  variants,
  at,
  choose,
  set,
  disabled,
}: {
  variants: QuestionContent['variants'];
  at: number;
  choose: (place: number) => void;
  set: (variants: QuestionContent['variants']) => void;
  disabled: boolean;
}) {
  const [first] = variants;
  if (!first) return null;
  if (variants.length === 1) {
    return (
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          Everybody is asked in the same way.
        </Text>
        <Button
          size="xs"
          variant="default"
          disabled={disabled}
          onClick={() => {
            set([first, { ...first, key: first.key === 'b' ? 'a' : 'b' }]);
            choose(1);
          }}
        >
          Try a second way to put it
        </Button>
      </Group>
    );
  }
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs" role="group" aria-label="Which way to put it">
        {variants.map(({ key }, place) => (
          <Button
            key={key}
            size="xs"
            variant={place === at ? 'filled' : 'default'}
            aria-pressed={place === at}
            onClick={() => choose(place)}
          >
            {place === 0 ? 'First way' : 'Second way'}
          </Button>
        ))}
      </Group>
      <Button
        size="xs"
        variant="default"
        disabled={disabled}
        onClick={() => {
          set(variants.filter((_, place) => place !== at));
          choose(0);
        }}
      >
        Drop this way
      </Button>
    </Group>
  );
}
