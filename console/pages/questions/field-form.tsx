import { Alert, NativeSelect, Switch, TextInput } from '@mantine/core';
import type { Language } from '../../../contract/brands.ts';
import type { QuestionField } from './api.ts';
import { ConsentPart } from './consent-part.tsx';
import { type FactField, fieldOf, kinds } from './field-kinds.ts';
import { KindPart } from './kind-part.tsx';
import { withText } from './values.ts';

const sureness = [
  { value: '', label: 'Leave it out: what is known is not asked' },
  { value: '0.3', label: 'Ask “is this right?” when it was only guessed' },
  { value: '0.7', label: 'Ask “is this right?” when it is likely but not certain' },
  { value: '1', label: 'Ask “is this right?” unless it is certain' },
];

/** One field: what it asks for, in which words, and where the answer goes. */
export function FieldForm({
  name,
  field,
  language,
  set,
  errorAt,
}: {
  /** What it is called among the others. */
  name: string;
  field: QuestionField;
  language: Language;
  set: (field: QuestionField) => void;
  /** What was refused of a part of it. */
  errorAt: (path: string) => string | undefined;
}) {
  return (
    <>
      <NativeSelect
        label="What it is"
        data={[...kinds]}
        value={field.type}
        onChange={(event) => {
          const kind = kinds.find(({ value }) => value === event.currentTarget.value);
          if (kind) set(fieldOf(kind.value, field));
        }}
      />
      {'labels' in field ? (
        <TextInput
          label={`${name}: label`}
          maxLength={300}
          placeholder={field.labels.en}
          value={field.labels[language] ?? ''}
          error={errorAt('labels')}
          onChange={(event) => set({ ...field, labels: withText(field.labels, language, event.currentTarget.value) })}
        />
      ) : null}
      {'path' in field ? (
        <FactPart name={name} field={field} language={language} set={set} errorAt={errorAt} />
      ) : (
        <ConsentPart field={field} set={set} errorAt={errorAt} />
      )}
    </>
  );
}

function FactPart({
  name,
  field,
  language,
  set,
  errorAt,
}: {
  name: string;
  field: FactField;
  language: Language;
  set: (field: QuestionField) => void;
  errorAt: (path: string) => string | undefined;
}) {
  return (
    <>
      <TextInput
        label={`${name}: attribute`}
        description="Where the answer goes: one of the catalogue, or one of the customer’s own (user_metadata.…)."
        list="askable-attributes"
        maxLength={400}
        value={field.path}
        error={errorAt('path')}
        onChange={(event) => set({ ...field, path: event.currentTarget.value })}
      />
      <TextInput
        label="Small print"
        maxLength={500}
        value={field.hints?.[language] ?? ''}
        error={errorAt('hints')}
        onChange={(event) => set({ ...field, hints: withText(field.hints, language, event.currentTarget.value) })}
      />
      <KindPart field={field} language={language} set={set} errorAt={errorAt} />
      <NativeSelect
        label="Where it is known already"
        data={isListed(field) ? sureness : [...sureness, sureAs(field)]}
        value={String(field.confirm_below ?? '')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          set({ ...field, confirm_below: value === '' ? null : Number(value) });
        }}
      />
      <Switch
        label="Required"
        description="Nobody gets on without an answer, and there is no “not now”."
        checked={field.required}
        onChange={(event) => set({ ...field, required: event.currentTarget.checked })}
      />
      {field.required ? (
        <Alert color="yellow" title="Who only wants to sign in goes away">
          Require an answer only where nothing works without it. Most customers answer a question that they may leave.
        </Alert>
      ) : null}
    </>
  );
}

function isListed({ confirm_below }: FactField): boolean {
  return sureness.some(({ value }) => value === String(confirm_below ?? ''));
}

function sureAs({ confirm_below }: FactField) {
  return { value: String(confirm_below), label: `Ask “is this right?” below a confidence of ${confirm_below}` };
}
