import { Card, Group, Stack, Text } from '@mantine/core';
import { IconSquare } from '@tabler/icons-react';
import type { Language } from '../../../contract/brands.ts';
import type { WordingTexts } from '../../../contract/consents.ts';
import type { BrandName } from '../../ui/brand-names.ts';
import { languages } from '../../ui/languages.ts';
import { wordsFor } from './texts.ts';

/** The box as it stands on a page, in what a customer of this language reads. */
export function HowItReads({
  texts,
  language,
  brand,
}: {
  texts: WordingTexts;
  language: Language;
  /** At which it is shown; undefined: there is none yet, or none that may be read. */
  brand: Pick<BrandName, 'name' | 'default_language'> | undefined;
}) {
  const found = wordsFor(texts, language, brand?.default_language ?? 'en');
  const named = (text: string) => text.replaceAll('{brand}', brand?.name ?? 'your brand');
  const nameOf = (one: Language) => languages.find(({ value }) => value === one)?.label ?? one;
  return (
    <Card withBorder padding="sm" component="section" aria-label="What customers read">
      <Stack gap={4}>
        <Text size="xs" c="dimmed">
          What customers read{brand ? ` at ${brand.name}` : ''}
          {found && found.language !== language
            ? `: nothing is written in ${nameOf(language)}, so they read the words in ${nameOf(found.language)}`
            : ''}
        </Text>
        {found ? (
          <Group gap="xs" wrap="nowrap" align="flex-start" lang={found.language}>
            <IconSquare size={20} stroke={1.3} aria-hidden style={{ flexShrink: 0 }} />
            <Stack gap={4} miw={0}>
              <Text size="sm" className="wrapped">
                {named(found.words.label)}
              </Text>
              {found.words.details === undefined ? null : (
                <Text size="xs" c="dimmed" className="wrapped">
                  {named(found.words.details)}
                </Text>
              )}
              {found.words.link === undefined ? null : (
                <Text size="xs" c="dimmed" className="value">
                  The whole text: {found.words.link}
                </Text>
              )}
            </Stack>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            Nothing is written yet.
          </Text>
        )}
      </Stack>
    </Card>
  );
}
