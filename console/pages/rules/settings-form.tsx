import { Checkbox, Fieldset, NativeSelect, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { NumberField } from '../../ui/number-field.tsx';
import type { RefusedPart } from '../../ui/refused.ts';
import { SecretInput } from '../../ui/secret-input.tsx';
import { Sentence } from '../../ui/wording.tsx';
import { type Field, refusedIn, type Typed } from './settings-schema.ts';

/** The form of a library rule. */
export function SettingsForm({
  fields,
  typed,
  set,
  refusedAt,
  secretsSet,
  asksAgain = false,
  disabled,
}: {
  fields: readonly Field[];
  typed: Typed;
  set: (name: string, value: Typed[string]) => void;
  refusedAt: (name: string) => readonly RefusedPart[];
  /** Names of secret settings that have a value already. */
  secretsSet: readonly string[];
  /** Those are to be given again: they would go to another server. */
  asksAgain?: boolean;
  disabled: boolean;
}) {
  return (
    <Fieldset variant="unstyled" disabled={disabled}>
      <Stack gap="md">
        {fields.map((field) => (
          <Setting
            key={field.name}
            field={field}
            value={typed[field.name] ?? ''}
            set={(value) => set(field.name, value)}
            refused={refusedIn(field, typed[field.name] ?? '', refusedAt(field.name))}
            isSet={secretsSet.includes(field.name)}
            asksAgain={asksAgain}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}

function Setting({
  field,
  value,
  set,
  refused,
  isSet,
  asksAgain,
}: {
  field: Field;
  value: Typed[string];
  set: (value: Typed[string]) => void;
  /** A line each. */
  refused: readonly string[];
  isSet: boolean;
  asksAgain: boolean;
}) {
  const text = typeof value === 'string' ? value : '';
  const error =
    refused.length === 0
      ? undefined
      : refused.map((line) => (
          <Text span inherit key={line} display="block" className="value">
            {line}
          </Text>
        ));
  const told = { label: field.label, description: <Sentence text={field.about} />, error };
  const common = { ...told, required: field.isNeeded && !isSet };
  switch (field.kind) {
    case 'switch':
      return <Switch {...told} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />;
    case 'number':
      return (
        <NumberField
          {...common}
          maw={240}
          isWhole={field.isWhole}
          {...(field.least !== undefined && { min: field.least })}
          {...(field.most !== undefined && { max: field.most })}
          step={field.isWhole ? 1 : 0.05}
          value={typeof value === 'number' ? value : text}
          onChange={set}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...common}
          maw={320}
          data={field.choices.map((choice) => ({ value: choice, label: words(choice) }))}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'choices':
      return (
        <Checkbox.Group {...common} value={Array.isArray(value) ? value : []} onChange={set}>
          <SimpleGrid cols={{ base: 2, sm: 3, md: 4 }} mt="xs" spacing="xs">
            {field.choices.map((choice) => (
              <Checkbox key={choice} value={choice} label={words(choice)} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      );
    case 'lines':
    case 'entries':
      return (
        <Textarea
          {...common}
          description={<Sentence text={`${field.about} One in each line.`} />}
          autosize
          minRows={2}
          maxRows={12}
          spellCheck={false}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'secret': {
      const isKept = isSet && !asksAgain;
      const more = isKept ? ' It is set; leave this empty to keep it.' : ' The address leads elsewhere: give it again.';
      return (
        <Stack gap="xs">
          <SecretInput
            {...common}
            required={field.isNeeded ? !isKept : isSet && asksAgain && value !== false}
            description={<Sentence text={isSet ? `${field.about}${more}` : field.about} />}
            placeholder={isKept && value !== false ? '••••••••' : undefined}
            autoComplete="new-password"
            disabled={value === false}
            value={text}
            onChange={(event) => set(event.currentTarget.value)}
          />
          {isSet && !field.isNeeded ? (
            <Checkbox
              label={`Remove “${field.label}” when this is saved`}
              checked={value === false}
              onChange={(event) => set(event.currentTarget.checked ? false : '')}
            />
          ) : null}
        </Stack>
      );
    }
    default:
      return <TextInput {...common} value={text} onChange={(event) => set(event.currentTarget.value)} />;
  }
}

const claims = new Map([
  ['locale', 'Language'],
  ['zoneinfo', 'Time zone'],
]);

/** A value of the API as people read it: `let_in` is "Let in"; claims whose names are no words, by what they hold. */
function words(value: string): string {
  const claim = claims.get(value);
  if (claim) return claim;
  const text = value.replaceAll('_', ' ');
  return /^[A-Z]+$/.test(text) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}
