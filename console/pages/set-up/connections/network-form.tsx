import { Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Form } from '../../../ui/form.ts';
import { fromLines, toLines } from '../../../ui/lines.ts';
import { SecretInput } from '../../../ui/secret-input.tsx';
import { Choice } from '../choice.tsx';
import type { Field, Guide } from './strategies.ts';
import { type ConnectionValues, flagIn, type Options, partIn, textIn, withOption } from './values.ts';

/** What a network's connection needs, field by field. */
export function NetworkForm({
  guide,
  form,
  isNew,
  disabled,
}: {
  guide: Guide;
  form: Form<ConnectionValues>;
  isNew: boolean;
  disabled: boolean;
}) {
  return (
    <Stack gap="md">
      {guide.fields.map((field) => (
        <OneField key={field.name} field={field} form={form} isNew={isNew} disabled={disabled} />
      ))}
    </Stack>
  );
}

function OneField({
  field,
  form,
  isNew,
  disabled,
}: {
  field: Field;
  form: Form<ConnectionValues>;
  isNew: boolean;
  disabled: boolean;
}) {
  const { name, label, about, placeholder, kind, required = false } = field;
  const { options } = form.values;
  const set = (value: Options[string]) => form.set('options', withOption(options, name, value));
  const shared = { label, description: about, disabled, error: form.errorAt(`options.${name}`) };
  const text = {
    ...shared,
    placeholder: placeholder ?? '',
    required,
    autoComplete: 'off',
    value: textIn(options, name),
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value.trim()),
  };
  const kept = isNew || !required ? {} : { placeholder: 'Kept; type only to replace it', required: false };
  switch (kind) {
    case 'text':
      return <TextInput {...text} onChange={(event) => set(event.currentTarget.value)} />;
    case 'secret':
      return <SecretInput {...text} {...kept} />;
    case 'key':
      return (
        <Textarea
          {...text}
          {...kept}
          autosize
          minRows={3}
          spellCheck={false}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'switch':
      return (
        <Switch
          {...shared}
          checked={flagIn(options, name, field.isOn === true)}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Choice
          {...shared}
          about={about}
          options={field.choices ?? []}
          value={textIn(options, name) || (field.choices?.[0]?.value ?? '')}
          set={set}
        />
      );
    case 'lines':
      return <Lines {...shared} start={listIn(options, name)} set={(lines) => set(fromLines(lines))} />;
    case 'pairs':
      return (
        <Lines
          {...shared}
          start={Object.entries(partIn(options, name)).map(([key, value]) => `${key} = ${String(value)}`)}
          set={(lines) => set(Object.fromEntries(fromLines(lines).map(pairOf)))}
        />
      );
  }
}

/** Text that is read as a list; as typed it stays, also where a line is not whole yet. */
function Lines({
  start,
  set,
  ...input
}: {
  start: readonly string[];
  set: (lines: string) => void;
  label: string;
  description: string | undefined;
  disabled: boolean;
  error: string | undefined;
}) {
  const [typed, setTyped] = useState(toLines(start));
  return (
    <Textarea
      {...input}
      autosize
      minRows={2}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        set(event.currentTarget.value);
      }}
    />
  );
}

function listIn(options: Options, name: string): string[] {
  const value = options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function pairOf(line: string): [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
