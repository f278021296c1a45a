import { Checkbox, JsonInput, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import type { Attribute } from './api.ts';
import type { Kind } from './value-drafts.ts';

/** Where a value is typed, or chosen, as its kind wants it. */
export function ValueInput({
  kind,
  choices,
  value,
  error,
  hint,
  onChange,
}: {
  kind: Kind;
  choices: Attribute['choices'];
  value: string;
  error: string | undefined;
  /** How it is written, where that is not plain. */
  hint: string | undefined;
  onChange: (text: string) => void;
}) {
  const label = 'Value';
  const options = (choices ?? []).map((one) => ({ value: one.value, label: one.labels.en ?? one.value }));
  const typed = {
    label,
    value,
    error,
    'data-autofocus': true,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  switch (kind) {
    case 'boolean':
      return (
        <NativeSelect
          {...typed}
          data={[...(value === '' ? [''] : []), { value: 'yes', label: 'Yes' }, { value: 'no', label: 'No' }]}
        />
      );
    case 'choice': {
      // One that is there but not offered (any more) can stay.
      const others = value !== '' && !options.some((one) => one.value === value) ? [value] : [];
      return <NativeSelect {...typed} data={[...(value === '' ? [''] : []), ...options, ...others]} />;
    }
    case 'choices': {
      const chosen = value.split('\n').filter((one) => one !== '');
      const others = chosen.filter((one) => !options.some((option) => option.value === one));
      return (
        <Checkbox.Group label={label} value={chosen} error={error} onChange={(next) => onChange(next.join('\n'))}>
          <Stack gap="xs" mt="xs">
            {[...options, ...others.map((one) => ({ value: one, label: one }))].map((one) => (
              <Checkbox key={one.value} value={one.value} label={one.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      );
    }
    case 'list':
      return <Textarea {...typed} description="One a line." autosize minRows={3} maxRows={12} />;
    case 'long':
      return <Textarea {...typed} autosize minRows={3} maxRows={12} />;
    case 'json':
      return <JsonInput {...typed} onChange={onChange} description="JSON" autosize minRows={4} maxRows={16} />;
    case 'number':
      return <TextInput {...typed} inputMode="decimal" />;
    default:
      return <TextInput {...typed} description={hint} type={kind === 'date' ? 'date' : 'text'} />;
  }
}
