import { Button, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Versioned } from '../../../ui/api.ts';
import { Ask } from '../../../ui/ask.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useForm } from '../../../ui/form.ts';
import { SaveBar } from '../../../ui/save-bar.tsx';
import { useMay } from '../../../ui/session.ts';
import { Failed, Loading } from '../../../ui/states.tsx';
import { tell } from '../../../ui/tell.ts';
import { brandsQuery } from '../brands/api.ts';
import { type Attribute, attributeQuery, changeAttribute, makeAttribute, removeAttribute } from './api.ts';
import { AttributeForm } from './attribute-form.tsx';
import { draftOf, patchOf, valuesOf } from './values.ts';

/** A row of the catalogue, to be changed; or a new one, where there is no path. */
export function AttributeDialog({ path, close }: { path: string | undefined; close: () => void }) {
  return (
    <Dialog size="lg" title={path ?? 'New attribute'} close={close}>
      {path === undefined ? <Editor known={undefined} close={close} /> : <Known path={path} close={close} />}
    </Dialog>
  );
}

function Known({ path, close }: { path: string; close: () => void }) {
  const { data, error, refetch } = useQuery(attributeQuery(path));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The attribute is being read" />;
  return <Editor known={data} reload={async () => (await refetch()).data} close={close} />;
}

function Editor({
  known,
  reload,
  close,
}: {
  known: Versioned<Attribute> | undefined;
  reload?: () => Promise<Versioned<Attribute> | undefined>;
  close: () => void;
}) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data: brands = [] } = useQuery({ ...brandsQuery, enabled: may('read:brands') });
  const form = useForm(valuesOf(known?.value));
  const [asks, setAsks] = useState(false);
  const attribute = known?.value;
  const disabled = !may(attribute ? 'update:attributes' : 'create:attributes');

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      const { values, changes } = form;
      if (!known) await makeAttribute(draftOf(values));
      else await changeAttribute(known.value.path, patchOf(changes, values), overwrite ? undefined : known.version);
      await queryClient.invalidateQueries({ queryKey: ['attributes'] });
    });
    if (!isSaved) return;
    tell({ message: `${form.values.path} is saved.` });
    close();
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload?.();
    if (theirs) form.reset(valuesOf(theirs.value));
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <Stack gap="lg">
        <AttributeForm
          form={form}
          brands={brands}
          isNew={!attribute}
          isSystem={attribute?.is_system === true}
          disabled={disabled}
        />
        {disabled ? null : (
          <Group justify="space-between" align="flex-end">
            <SaveBar
              form={form}
              save={(over) => void save(over)}
              reload={() => void showTheirs()}
              label={attribute ? 'Save' : 'Add the attribute'}
            />
            {attribute && !attribute.is_system && may('delete:attributes') ? (
              <Button variant="default" onClick={() => setAsks(true)}>
                Take from the catalogue
              </Button>
            ) : null}
          </Group>
        )}
      </Stack>
      {asks && attribute ? (
        <Ask
          title={`Take ${attribute.path} from the catalogue?`}
          yes="Take it away"
          close={() => setAsks(false)}
          act={async () => {
            await removeAttribute(attribute.path);
            await queryClient.invalidateQueries({ queryKey: ['attributes'] });
            close();
          }}
        >
          Values that customers have stay, without a name and a type. What was said here about it is gone: if it was
          sensitive, it is so no longer, and roles that hid it for that reason show it.
        </Ask>
      ) : null}
    </form>
  );
}
