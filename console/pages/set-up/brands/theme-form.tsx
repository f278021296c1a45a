import { NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { BrandTheme } from '../../../../contract/brands.ts';
import { contrast, readableOn } from '../../../../contract/contrast.ts';

type Colour = Exclude<keyof BrandTheme, 'corners' | 'font'>;
type Ground = { readonly on: Colour; readonly ratio: number };

/** What each colour is for, what it is when nothing is chosen, and on which other it must be readable. */
const colours: readonly {
  readonly name: Colour;
  readonly label: string;
  readonly about: string;
  readonly usual: string;
  readonly ground?: Ground;
}[] = [
  { name: 'primary', label: 'Main colour', about: 'Buttons and links.', usual: '#2f4b3c' },
  {
    name: 'on_primary',
    label: 'Words on the main colour',
    about: 'What stands on buttons.',
    usual: '#ffffff',
    ground: { on: 'primary', ratio: 4.5 },
  },
  { name: 'background', label: 'Page', about: 'Behind everything.', usual: '#f4f2ee' },
  { name: 'surface', label: 'Sheet', about: 'Behind the form.', usual: '#ffffff' },
  { name: 'text', label: 'Words', about: 'On the sheet.', usual: '#1c1d1a', ground: { on: 'surface', ratio: 7 } },
  {
    name: 'muted',
    label: 'Quiet words',
    about: 'Hints and the foot of the page.',
    usual: '#5b5d57',
    ground: { on: 'surface', ratio: 4.5 },
  },
  { name: 'error', label: 'Errors', about: 'On the sheet.', usual: '#a3271d', ground: { on: 'surface', ratio: 4.5 } },
];

const corners = [
  { value: 'square', label: 'Square' },
  { value: 'soft', label: 'Soft' },
  { value: 'round', label: 'Round' },
] as const;

const fonts = [
  { value: 'system', label: 'As the device writes' },
  { value: 'serif', label: 'With serifs' },
  { value: 'rounded', label: 'Rounded' },
  { value: 'mono', label: 'As typed by a machine' },
] as const;

/** Colours, corners and letters. What could not be read is told, with what is shown instead. */
export function ThemeForm({
  theme,
  set,
  error,
  disabled,
}: {
  theme: BrandTheme;
  set: (theme: BrandTheme) => void;
  error: string | undefined;
  disabled: boolean;
}) {
  const of = (name: Colour) => theme[name] ?? colours.find((one) => one.name === name)?.usual ?? '#000000';
  function choose(change: Partial<BrandTheme>, name: keyof BrandTheme): void {
    const { [name]: _, ...rest } = theme;
    set({ ...rest, ...change });
  }
  return (
    <Stack gap="md">
      {error === undefined ? null : (
        <Text c="red" size="sm" role="alert">
          {error}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {colours.map(({ name, label, about, usual }) => (
          <ColourField
            key={name}
            label={label}
            about={about}
            usual={usual}
            disabled={disabled}
            value={theme[name] ?? ''}
            onChange={(value) => choose(value === '' ? {} : { [name]: value }, name)}
          />
        ))}
      </SimpleGrid>
      <Contrasts of={of} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NativeSelect
          label="Corners"
          disabled={disabled}
          data={[...corners]}
          value={theme.corners ?? 'soft'}
          onChange={(event) => {
            const chosen = corners.find(({ value }) => value === event.currentTarget.value);
            if (chosen) choose({ corners: chosen.value }, 'corners');
          }}
        />
        <NativeSelect
          label="Letters of headings"
          disabled={disabled}
          data={[...fonts]}
          value={theme.font ?? 'system'}
          onChange={(event) => {
            const chosen = fonts.find(({ value }) => value === event.currentTarget.value);
            if (chosen) choose({ font: chosen.value }, 'font');
          }}
        />
      </SimpleGrid>
    </Stack>
  );
}

const written = /^#[0-9a-f]{6}$/i;

/** A colour as it is written, with the browser's own way to choose one beside it. */
function ColourField({
  label,
  about,
  usual,
  value,
  onChange,
  disabled,
}: {
  label: string;
  about: string;
  /** What is there when nothing is chosen. */
  usual: string;
  value: string;
  onChange: (value: string) => void;
  disabled: boolean;
}) {
  const isGood = value === '' || written.test(value);
  return (
    <TextInput
      label={label}
      description={about}
      placeholder={usual}
      disabled={disabled}
      value={value}
      autoComplete="off"
      spellCheck={false}
      error={isGood ? undefined : 'A colour as #rrggbb.'}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      leftSection={
        <input
          type="color"
          className="colour"
          aria-label={`${label}: choose`}
          disabled={disabled}
          value={isGood && value !== '' ? value : usual}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      }
    />
  );
}

/** How well each pair can be read (WCAG 2.2), and what is shown in place of what cannot. */
function Contrasts({ of }: { of: (name: Colour) => string }) {
  return (
    <Stack gap={4} role="status" aria-label="Contrast">
      {colours.map(({ name, label, ground }) => {
        if (!ground) return null;
        const [ink, sheet] = [of(name), of(ground.on)];
        if (!written.test(ink) || !written.test(sheet)) return null;
        const ratio = contrast(sheet, ink);
        const shown = readableOn(sheet, ink, ground.ratio);
        const isGood = shown === ink;
        return (
          <Text key={name} size="sm" {...(isGood && { c: 'dimmed' })}>
            {isGood ? '✓' : '⚠'} {label}: {ratio.toFixed(1)} to 1
            {isGood ? '' : ` is too little (${ground.ratio}); customers see ${shown} instead`}
          </Text>
        );
      })}
    </Stack>
  );
}
