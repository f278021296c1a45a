import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';

const shownAtMost = 100;
const fewEnough = 8;

/** Any number of some things, as boxes; where they are many, those whose name holds what is typed. */
export function PickList({
  label,
  description,
  data,
  value,
  onChange,
  error,
  disabled = false,
}: {
  label: string;
  description: string;
  data: readonly { readonly value: string; readonly label: string }[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  error?: string | undefined;
  disabled?: boolean;
}) {
  const [typed, setTyped] = useState('');
  const [first] = useState(value);
  const sought = typed.trim().toLowerCase();
  const found = data.filter((one) => one.label.toLowerCase().includes(sought));
  // What was chosen before is seen first; it stays where it is while boxes are ticked.
  const ordered = [
    ...found.filter((one) => first.includes(one.value)),
    ...found.filter((one) => !first.includes(one.value)),
  ];
  const more = ordered.length - shownAtMost;
  return (
    <Checkbox.Group label={label} description={description} error={error} value={[...value]} onChange={onChange}>
      {data.length > fewEnough ? (
        <TextInput
          mt="xs"
          type="search"
          aria-label={`${label}: find`}
          placeholder="Find by name"
          disabled={disabled}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            // It sends no form that it stands in.
            if (event.key === 'Enter') event.preventDefault();
          }}
        />
      ) : null}
      <Stack gap="xs" mt="xs" mb={error === undefined ? 0 : 'xs'} className="picks">
        {ordered.slice(0, shownAtMost).map((one) => (
          <Checkbox
            key={one.value}
            value={one.value}
            label={one.label}
            disabled={disabled}
            classNames={{ label: 'value' }}
          />
        ))}
        {ordered.length === 0 && typed !== '' ? <Text size="sm">Nothing is called so.</Text> : null}
        {more > 0 ? <Text size="sm">And {more} more: find them by name.</Text> : null}
      </Stack>
    </Checkbox.Group>
  );
}
