import { Button, Checkbox, Fieldset, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from '../../ui/form.ts';
import { fromLines, toLines } from '../../ui/lines.ts';
import { Problem, SaveBar } from '../../ui/save-bar.tsx';
import { useSession } from '../../ui/session.ts';
import { changeRole, makeRole, type StaffRole } from './api.ts';
import { BrandPick } from './picks.tsx';

type Values = {
  name: string;
  description: string;
  scopes: string[];
  read: string;
  write: string;
  brands: string[] | null;
};

const empty: Values = { name: '', description: '', scopes: [], read: '', write: '', brands: null };

/** A role: made when none is given, else changed. Nobody gives what they do not have, so only that is offered. */
export function RoleForm({
  role,
  done,
  disabled = false,
}: {
  role?: StaffRole;
  done: (role: StaffRole) => void;
  disabled?: boolean;
}) {
  const queryClient = useQueryClient();
  const { scopes: own } = useSession();
  const form = useForm<Values>(role ? valuesOf(role) : empty, { attributes: 'read' });
  const { values } = form;
  const offered = [...new Set([...own, ...(role?.scopes ?? [])])].sort();

  async function save(overwrite: boolean): Promise<void> {
    let saved: StaffRole | undefined;
    const { read, write, ...plain } = values;
    const body = { ...plain, attributes: { read: fromLines(read), write: fromLines(write) } };
    const isSaved = await form.save(async () => {
      saved = role
        ? await changeRole(role.id, { ...body, ...(!overwrite && { if_version: role.version }) })
        : await makeRole(body);
    });
    if (!isSaved || !saved) return;
    await queryClient.invalidateQueries({ queryKey: ['staff-roles'] });
    await queryClient.invalidateQueries({ queryKey: ['session'] });
    done(saved);
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!role) void save(false);
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          required
          disabled={disabled}
          maxLength={200}
          value={values.name}
          error={form.error('name')}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
        <TextInput
          label="What it is for"
          disabled={disabled}
          maxLength={1000}
          value={values.description}
          error={form.error('description')}
          onChange={(event) => form.set('description', event.currentTarget.value)}
        />
        <Textarea
          label="Attributes they see"
          description="One a line: given_name, user_metadata.*, * for all, sensitive for what the catalogue calls so; a minus in front hides (-app_metadata.income*)."
          autosize
          minRows={2}
          maxRows={10}
          disabled={disabled}
          value={values.read}
          error={form.error('read')}
          onChange={(event) => form.set('read', event.currentTarget.value)}
        />
        <Textarea
          label="Attributes they change"
          description="Written in the same way."
          autosize
          minRows={2}
          maxRows={10}
          disabled={disabled}
          value={values.write}
          error={form.error('write')}
          onChange={(event) => form.set('write', event.currentTarget.value)}
        />
        <BrandPick
          value={values.brands}
          set={(ids) => form.set('brands', ids)}
          error={form.error('brands')}
          disabled={disabled}
          about="The role counts for customers of these brands only."
        />
        <Scopes offered={offered} value={values.scopes} set={(next) => form.set('scopes', next)} disabled={disabled} />
        {form.error('scopes') && <Problem text={form.error('scopes') ?? ''} />}
        {role && !disabled && (
          <SaveBar
            form={form}
            save={(overwrite) => void save(overwrite)}
            reload={() => void queryClient.invalidateQueries({ queryKey: ['staff-roles'] })}
          />
        )}
        {!role && form.problem !== undefined && <Problem text={form.problem} />}
        {!role && (
          <Group>
            <Button type="submit" loading={form.isSaving}>
              Make the role
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

/** What may be done, by what it is done to. */
function Scopes({
  offered,
  value,
  set,
  disabled,
}: {
  offered: readonly string[];
  value: readonly string[];
  set: (scopes: string[]) => void;
  disabled: boolean;
}) {
  const groups = Map.groupBy(offered, (scope) => scope.slice(scope.indexOf(':') + 1));
  return (
    <Fieldset legend="What they may do">
      <Checkbox.Group value={[...value]} onChange={set}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          {[...groups]
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([noun, scopes]) => (
              <div key={noun}>
                <Text size="sm" fw={600} mb={4}>
                  {noun.replaceAll('_', ' ')}
                </Text>
                <Group gap="sm">
                  {scopes.map((scope) => (
                    <Checkbox
                      key={scope}
                      size="xs"
                      value={scope}
                      label={scope.slice(0, scope.indexOf(':'))}
                      aria-label={scope}
                      disabled={disabled}
                    />
                  ))}
                </Group>
              </div>
            ))}
        </SimpleGrid>
      </Checkbox.Group>
    </Fieldset>
  );
}

function valuesOf({ name, description, scopes, attributes, brands }: StaffRole): Values {
  return { name, description, scopes, read: toLines(attributes.read), write: toLines(attributes.write), brands };
}
