import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import type { Attribute } from './api.ts';
import type { Edited } from './edit-value.tsx';

const types: readonly { readonly value: Attribute['type']; readonly label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'list', label: 'List of texts' },
  { value: 'json', label: 'Anything (JSON)' },
];

/** Which value is to be added: one that the catalogue names, or another path. */
export function AddValue({
  catalogue,
  isWritable,
  isThere,
  choose,
  close,
}: {
  catalogue: readonly Attribute[];
  isWritable: (path: string) => boolean;
  isThere: (path: string) => boolean;
  choose: (edited: Edited, attribute: Attribute) => void;
  close: () => void;
}) {
  const [typed, setTyped] = useState('');
  const known = useId();
  const [type, setType] = useState<Attribute['type']>('text');
  const open = catalogue.filter(({ path }) => isWritable(path) && !isThere(path));
  const labelOf = ({ path, labels }: Attribute) => (labels.en ? `${labels.en} (${path})` : path);
  const text = typed.trim();
  const listed = open.find((one) => one.path === text || labelOf(one) === text);
  const path = listed?.path ?? text;
  const isGood = isWritable(path) && path !== 'user_metadata.' && path !== 'app_metadata.';
  const problem =
    text === '' || isGood
      ? undefined
      : 'user_metadata.… or app_metadata.…, or a name of the catalogue that you may write.';
  return (
    <Dialog title="Add a value" close={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isGood) return;
          choose(
            { path, label: listed?.labels.en ?? path },
            listed ?? { path, type, labels: {}, sensitive: false, choices: null },
          );
        }}
      >
        <Stack gap="md">
          <TextInput
            label="What"
            placeholder="user_metadata.scents"
            list={known}
            autoComplete="off"
            maxLength={400}
            value={typed}
            error={isThere(path) ? 'There is one already: change it in the profile.' : problem}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
          <datalist id={known}>
            {open.map((one) => (
              <option key={one.path} value={labelOf(one)} />
            ))}
          </datalist>
          {listed ? null : (
            <NativeSelect
              label="Type"
              data={[...types]}
              value={type}
              onChange={({ currentTarget: { value } }) => {
                const chosen = types.find((one) => one.value === value);
                if (chosen) setType(chosen.value);
              }}
            />
          )}
          <Button type="submit" disabled={!isGood || isThere(path)}>
            Go on
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
