import { Group, Switch, TextInput } from '@mantine/core';
import type { Language } from '../../../contract/brands.ts';
import { NumberField } from '../../ui/number-field.tsx';
import type { QuestionField } from './api.ts';
import { ChoicesPart } from './choices-part.tsx';
import type { FactField } from './field-kinds.ts';
import { withText } from './values.ts';

/** What a field of this kind has besides: bounds, choices, ends of a scale. */
export function KindPart({
  field,
  language,
  set,
  errorAt,
}: {
  field: FactField;
  language: Language;
  set: (field: QuestionField) => void;
  errorAt: (path: string) => string | undefined;
}) {
  switch (field.type) {
    case 'text':
    case 'long_text':
      return (
        <Bound
          label="At most so many characters"
          value={field.most}
          error={errorAt('most')}
          set={(most) => set({ ...field, most: most ?? 1 })}
        />
      );
    case 'number':
      return (
        <>
          <Group gap="sm">
            <Bound label="At least" value={field.least} set={(least) => set({ ...field, least })} />
            <Bound label="At most" value={field.most} error={errorAt('most')} set={(most) => set({ ...field, most })} />
          </Group>
          <Switch
            label="Whole numbers only"
            checked={field.whole}
            onChange={(event) => set({ ...field, whole: event.currentTarget.checked })}
          />
        </>
      );
    case 'date':
      return (
        <Group gap="sm">
          {(['earliest', 'latest'] as const).map((name) => (
            <TextInput
              key={name}
              type="date"
              label={name === 'earliest' ? 'Not before' : 'Not after'}
              value={field[name] ?? ''}
              error={errorAt(name)}
              onChange={(event) => set({ ...field, [name]: event.currentTarget.value || undefined })}
            />
          ))}
        </Group>
      );
    case 'choice':
    case 'choices':
    case 'picture_choice':
      return (
        <>
          <ChoicesPart
            choices={field.choices}
            withPictures={field.type === 'picture_choice'}
            language={language}
            set={(choices) => set({ ...field, choices })}
            errorAt={(path) => errorAt(`choices${path}`)}
          />
          {field.type === 'picture_choice' ? (
            <Switch
              label="More than one may be taken"
              checked={field.several}
              onChange={(event) => set({ ...field, several: event.currentTarget.checked })}
            />
          ) : null}
          <Switch
            label="Offer “not for me”"
            description="It is kept: none of these values is learned of who says so, from wherever."
            checked={field.not_for_me}
            onChange={(event) => set({ ...field, not_for_me: event.currentTarget.checked })}
          />
        </>
      );
    case 'scale':
      return <ScalePart field={field} language={language} set={set} errorAt={errorAt} />;
    default:
      return null;
  }
}

function ScalePart({
  field,
  language,
  set,
  errorAt,
}: {
  field: Extract<FactField, { type: 'scale' }>;
  language: Language;
  set: (field: QuestionField) => void;
  errorAt: (path: string) => string | undefined;
}) {
  const ends = field.ends ?? { from: {}, to: {} };
  return (
    <Group gap="sm" align="flex-end">
      <Bound label="From" value={field.from} error={errorAt('from')} set={(from = 1) => set({ ...field, from })} />
      <Bound label="To" value={field.to} error={errorAt('to')} set={(to = 5) => set({ ...field, to })} />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          label={end === 'from' ? 'The first means' : 'The last means'}
          maxLength={60}
          value={ends[end][language] ?? ''}
          onChange={(event) => {
            const words = withText(ends[end], language, event.currentTarget.value);
            set({ ...field, ends: { ...ends, [end]: words } });
          }}
        />
      ))}
    </Group>
  );
}

function Bound({
  label,
  value,
  error,
  set,
}: {
  label: string;
  value: number | undefined;
  error?: string | undefined;
  set: (value: number | undefined) => void;
}) {
  return (
    <NumberField
      label={label}
      maw={200}
      isWhole={false}
      value={value ?? ''}
      error={error}
      onChange={(next) => set(typeof next === 'number' ? next : undefined)}
    />
  );
}
