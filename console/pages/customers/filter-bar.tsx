import { Button, Group, Pill, Popover, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { brandNamesQuery } from '../../ui/brand-names.ts';
import { type Choice, customerFields, type Field, type Operator } from '../../ui/condition-fields.ts';
import { consentPurposes } from '../../ui/consent-purposes.ts';
import { useMay } from '../../ui/session.ts';
import { attributesQuery, connectionNamesQuery } from './api.ts';
import { type Leaf, leafOf, operators, wordsOf } from './filters.ts';

const mostLeaves = 10;

/** The conditions that customers are filtered by: each can be taken away, and another one added. */
export function FilterBar({ leaves, onChange }: { leaves: readonly Leaf[]; onChange: (leaves: Leaf[]) => void }) {
  const may = useMay();
  const catalogue = useQuery({ ...attributesQuery, enabled: may('read:attributes') });
  const fields = customerFields(catalogue.data ?? [], useOffered());
  return (
    <Group gap="xs" miw={0}>
      {leaves.length < mostLeaves && (
        <Add fields={fields} isFirst={leaves.length === 0} onAdd={(leaf) => onChange([...leaves, leaf])} />
      )}
      {leaves.map((leaf) => {
        const words = wordsOf(leaf, fields);
        return (
          <Pill
            key={words}
            size="md"
            classNames={{ root: 'filter', label: 'filter-words' }}
            withRemoveButton
            onRemove={() => onChange(leaves.filter((one) => one !== leaf))}
            removeButtonProps={{ 'aria-label': `Without: ${words}`, 'aria-hidden': false, tabIndex: 0 }}
          >
            {words}
          </Pill>
        );
      })}
    </Group>
  );
}

function Add({ fields, isFirst, onAdd }: { fields: readonly Field[]; isFirst: boolean; onAdd: (leaf: Leaf) => void }) {
  // It was asked for when there was none yet.
  const [opened, { toggle, close }] = useDisclosure(isFirst);
  const [attribute, setAttribute] = useState<string | null>(null);
  const [is, setIs] = useState<Operator | null>(null);
  const [text, setText] = useState('');
  const field = fields.find((one) => one.attribute === attribute);
  const choices = field ? operators[field.type] : [];
  const leaf = leafOf(field, is, text);
  function choose(next: string | null): void {
    const type = fields.find((one) => one.attribute === next)?.type;
    setAttribute(next);
    setIs(type ? (operators[type][0]?.value ?? null) : null);
    setText(type === 'boolean' ? 'yes' : '');
  }
  function add(): void {
    if (!leaf) return;
    onAdd(leaf);
    choose(null);
    close();
  }
  return (
    <Popover opened={opened} onChange={(next) => !next && close()} position="bottom-start" trapFocus width={320}>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconFilter size={14} aria-hidden />} onClick={toggle}>
          Add a filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Stack gap="xs">
            <Select
              label="What"
              searchable
              data={[
                ...new Map(fields.map((one) => [one.attribute, { value: one.attribute, label: one.label }])).values(),
              ]}
              value={attribute}
              onChange={choose}
              comboboxProps={{ withinPortal: false }}
              nothingFoundMessage="Nothing is called so"
            />
            {field && field.type !== 'boolean' && (
              <Select
                label="How"
                data={choices.map(({ value, label }) => ({ value, label }))}
                value={is}
                onChange={(next) => setIs(choices.find(({ value }) => value === next)?.value ?? null)}
                allowDeselect={false}
                comboboxProps={{ withinPortal: false }}
              />
            )}
            {field && <ValueInput field={field} is={is} text={text} onChange={setText} />}
            <Button type="submit" size="xs" disabled={!leaf}>
              Add
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function ValueInput({
  field: { type, choices = [] },
  is,
  text,
  onChange,
}: {
  field: Field;
  is: Operator | null;
  text: string;
  onChange: (text: string) => void;
}) {
  if (type === 'boolean' || is === 'exists')
    return (
      <Select
        label={is === 'exists' ? 'Known' : 'Which'}
        data={[
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ]}
        value={text === 'no' ? 'no' : 'yes'}
        onChange={(next) => onChange(next ?? 'yes')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
      />
    );
  if (is === 'equals' && choices.length > 0)
    return (
      <Select
        label="Value"
        searchable
        data={[...choices]}
        value={text === '' ? null : text}
        onChange={(next) => onChange(next ?? '')}
        comboboxProps={{ withinPortal: false }}
        nothingFoundMessage="Nothing is called so"
      />
    );
  const inputType = type === 'instant' ? 'date' : type === 'number' ? 'number' : 'text';
  return (
    <TextInput
      label="Value"
      type={inputType}
      value={text}
      maxLength={300}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** What can be chosen of brands, connections and consents, as far as the role may read it. */
function useOffered(): Readonly<Record<string, readonly Choice[]>> {
  const may = useMay();
  const { data: brands = [] } = useQuery({ ...brandNamesQuery, enabled: may('read:brands') });
  const { data: connections = [] } = useQuery({ ...connectionNamesQuery, enabled: may('read:connections') });
  return {
    brand: brands.map(({ slug, name }) => ({ value: slug, label: name })),
    connection: connections.map(({ name, display_name }) => ({ value: name, label: display_name || name })),
    consent: [
      ...consentPurposes.map(({ value, label }) => ({ value, label: `${label}, to all brands` })),
      ...brands.flatMap(({ slug, name }) =>
        consentPurposes.map(({ value, label }) => ({ value: `${slug}:${value}`, label: `${label}, to ${name}` })),
      ),
    ],
  };
}
