import { ActionIcon, Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import {
  type ConditionDraft,
  type DraftGroup,
  type DraftLine,
  type DraftPart,
  draftOperators,
  wantsValue,
} from './condition-draft.ts';
import type { Field } from './condition-fields.ts';

const joints = [
  { value: 'all', label: 'all of these hold' },
  { value: 'any', label: 'any of these holds' },
] as const;
const groupJoints = [...joints, { value: 'none', label: 'none of these holds' }] as const;

/** Conditions that read as sentences, line by line, and groups of them. */
export function ConditionBuilder({
  draft,
  fields,
  set,
  lead,
}: {
  draft: ConditionDraft;
  fields: readonly Field[];
  set: (draft: ConditionDraft) => void;
  /** What stands before "all of these hold". */
  lead: string;
}) {
  const parts = (next: readonly DraftPart[]) => set({ ...draft, parts: next });
  return (
    <Stack gap="sm">
      {draft.parts.length > 1 ? (
        <Joint lead={lead} options={joints} value={draft.joint} set={(joint) => set({ ...draft, joint })} />
      ) : null}
      {[...draft.parts.entries()].map(([place, part]) => {
        const name = `Condition ${place + 1}`;
        const change = (next: DraftPart) => parts(draft.parts.with(place, next));
        const remove = () => parts(draft.parts.filter((_, at) => at !== place));
        return 'is' in part ? (
          <Line key={place} name={name} line={part} fields={fields} set={change} remove={remove} />
        ) : (
          <GroupOfLines key={place} name={name} group={part} fields={fields} set={change} remove={remove} />
        );
      })}
      <Group gap="xs">
        <Add label="Add a condition" add={() => parts([...draft.parts, begin(fields)])} />
        <Add
          label="Add a group"
          add={() => parts([...draft.parts, { joint: draft.joint === 'all' ? 'any' : 'all', lines: [begin(fields)] }])}
        />
      </Group>
    </Stack>
  );
}

function GroupOfLines({
  name,
  group,
  fields,
  set,
  remove,
}: {
  name: string;
  group: DraftGroup;
  fields: readonly Field[];
  set: (group: DraftGroup) => void;
  remove: () => void;
}) {
  const lines = (next: readonly DraftLine[]) => set({ ...group, lines: next });
  return (
    <Fieldset legend={`${name}: a group`} p="sm">
      <Stack gap="sm">
        <Group gap="xs" align="flex-end" justify="space-between">
          <Joint
            lead="It holds when"
            options={groupJoints}
            value={group.joint}
            set={(joint) => set({ ...group, joint })}
          />
          <Remove label={`Take away: ${name}`} remove={remove} />
        </Group>
        {[...group.lines.entries()].map(([place, line]) => (
          <Line
            key={place}
            name={`${name}.${place + 1}`}
            line={line}
            fields={fields}
            set={(next) => lines(group.lines.with(place, next))}
            remove={() => lines(group.lines.filter((_, at) => at !== place))}
          />
        ))}
        <div>
          <Add label={`Add to ${name.toLowerCase()}`} add={() => lines([...group.lines, begin(fields)])} />
        </div>
      </Stack>
    </Fieldset>
  );
}

function Line({
  name,
  line,
  fields,
  set,
  remove,
}: {
  name: string;
  line: DraftLine;
  fields: readonly Field[];
  set: (line: DraftLine) => void;
  remove: () => void;
}) {
  const field = fields.find(({ attribute }) => attribute === line.attribute);
  const operators = draftOperators[field?.type ?? 'text'];
  return (
    <Group gap="xs" role="group" aria-label={name} align="flex-start">
      <NativeSelect
        size="xs"
        aria-label={`${name}: what`}
        data={grouped(fields, line.attribute)}
        value={line.attribute}
        onChange={(event) => set(begin(fields, event.currentTarget.value))}
      />
      <NativeSelect
        size="xs"
        aria-label={`${name}: how`}
        data={operators.some(({ value }) => value === line.is) ? [...operators] : [...operators, line.is]}
        value={line.is}
        onChange={(event) => {
          const chosen = operators.find(({ value }) => value === event.currentTarget.value);
          if (chosen) set({ ...line, is: chosen.value });
        }}
      />
      {wantsValue(line.is) ? (
        <Value name={`${name}: value`} field={field} line={line} set={(text) => set({ ...line, text })} />
      ) : null}
      <Remove label={`Take away: ${name}`} remove={remove} />
    </Group>
  );
}

function Value({
  name,
  field,
  line: { is, text },
  set,
}: {
  name: string;
  field: Field | undefined;
  line: DraftLine;
  set: (text: string) => void;
}) {
  const options =
    field?.type === 'boolean'
      ? [
          { value: 'yes', label: 'yes' },
          { value: 'no', label: 'no' },
        ]
      : field?.choices;
  if (options && options.length > 0 && (is === 'equals' || is === 'differs')) {
    const isListed = options.some(({ value }) => value === text);
    return (
      <NativeSelect
        size="xs"
        aria-label={name}
        data={isListed ? [...options] : [{ value: text, label: text || 'Choose' }, ...options]}
        value={text}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  const isMany = is === 'one_of';
  const isNumber = !isMany && (field?.type === 'number' || field?.type === 'percentage');
  return (
    <TextInput
      size="xs"
      {...(isNumber && { w: 88 })}
      aria-label={name}
      type={field?.type === 'instant' ? 'date' : 'text'}
      inputMode={isNumber ? 'decimal' : 'text'}
      placeholder={isMany ? 'With commas between them' : ''}
      maxLength={300}
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

function Joint<J extends string>({
  lead,
  options,
  value,
  set,
}: {
  lead: string;
  options: readonly { readonly value: J; readonly label: string }[];
  value: J;
  set: (joint: J) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      label={lead}
      data={[...options]}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen) set(chosen.value);
      }}
    />
  );
}

function Add({ label, add }: { label: string; add: () => void }) {
  return (
    <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
      {label}
    </Button>
  );
}

function Remove({ label, remove }: { label: string; remove: () => void }) {
  return (
    <ActionIcon variant="default" aria-label={label} onClick={remove}>
      <IconX size={16} aria-hidden />
    </ActionIcon>
  );
}

/** A line that looks at something, with what is asked of it most. */
function begin(fields: readonly Field[], attribute = fields[0]?.attribute ?? ''): DraftLine {
  const type = fields.find((field) => field.attribute === attribute)?.type ?? 'text';
  return { attribute, is: draftOperators[type][0]?.value ?? 'exists', text: type === 'boolean' ? 'yes' : '' };
}

/** Fields under the names of their groups; what is looked at and not listed stands first. */
function grouped(fields: readonly Field[], chosen: string) {
  const groups = [...Map.groupBy(fields, ({ group }) => group ?? 'More')].map(([group, all]) => ({
    group,
    items: all.map(({ attribute, label }) => ({ value: attribute, label })),
  }));
  const isListed = fields.some(({ attribute }) => attribute === chosen);
  return isListed ? groups : [{ group: 'Chosen', items: [{ value: chosen, label: chosen }] }, ...groups];
}

/** A condition in words. */
export function InWords({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed" role="status">
      {children}
    </Text>
  );
}
