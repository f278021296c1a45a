import { Box, Button, Code, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { MakeForm } from '../../ui/make-form.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay, useMayWriteCode } from '../../ui/session.ts';
import { Empty, Failed, Loading, NotAllowed } from '../../ui/states.tsx';
import { useFocusInPlace } from '../../ui/use-focus-in-place.ts';
import { configQuery, removeConfig, setConfig } from './api.ts';

export const route = createLazyRoute('/rules/configuration')({ component: ConfigurationPage });

function ConfigurationPage() {
  const isAllowed = useMay()('read:rules_configs');
  const { data, error, refetch } = useQuery({ ...configQuery, enabled: isAllowed });
  const [open, setOpen] = useState<{ key: string }>();
  const [removed, setRemoved] = useState<string>();
  const kept = useFocusInPlace<HTMLDivElement>(open !== undefined || removed !== undefined);
  const queryClient = useQueryClient();
  const mayCode = useMayWriteCode();
  const mayChange = mayCode('update:rules_configs');
  const changed = () => queryClient.invalidateQueries({ queryKey: configQuery.queryKey });
  const make = mayChange ? <Button onClick={() => setOpen({ key: '' })}>New value</Button> : null;
  return (
    <Page
      title="Configuration of rules"
      about={
        <>
          Keys and addresses that rules find as <Code>configuration.NAME</Code>. They are kept sealed, and no value is
          ever shown again.
        </>
      }
      actions={make}
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {isAllowed ? null : <NotAllowed />}
      {isAllowed && !data && !error ? <Loading label="The configuration is being read" /> : null}
      <Box {...kept}>
        {data?.length === 0 ? (
          <Empty title="No value yet" action={make}>
            What a rule must know and nobody should read in it stands here: the key of a service, the address of your
            CRM.
          </Empty>
        ) : null}
        {data && data.length > 0 ? (
          <ListTable label="Configuration of rules" minWidth={0} heads={['Name', '']}>
            {data.map(({ key }) => (
              <tr key={key}>
                <td>
                  <Code className="value">{key}</Code>
                </td>
                <td>
                  <Button.Group>
                    {mayChange ? (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={`Set anew: ${key}`}
                        onClick={() => setOpen({ key })}
                      >
                        Set anew
                      </Button>
                    ) : null}
                    {mayCode('delete:rules_configs') ? (
                      <Button size="xs" variant="default" aria-label={`Remove ${key}`} onClick={() => setRemoved(key)}>
                        Remove
                      </Button>
                    ) : null}
                  </Button.Group>
                </td>
              </tr>
            ))}
          </ListTable>
        ) : null}
      </Box>
      {open ? <ValueDialog name={open.key} close={() => setOpen(undefined)} changed={changed} /> : null}
      {removed === undefined ? null : (
        <Ask
          title={`Remove ${removed}?`}
          yes="Remove it"
          close={() => setRemoved(undefined)}
          act={async () => {
            await removeConfig(removed);
            await changed();
          }}
        >
          From the next sign-in on rules find <Code>undefined</Code> in its place. Its value cannot be brought back.
        </Ask>
      )}
    </Page>
  );
}

function ValueDialog({ name, close, changed }: { name: string; close: () => void; changed: () => Promise<unknown> }) {
  const form = useForm({ key: name, value: '' });
  async function make(): Promise<void> {
    const isSaved = await form.save(async () => {
      await setConfig(form.values.key, form.values.value);
      await changed();
    });
    if (isSaved) close();
  }
  return (
    <Dialog title={name === '' ? 'New value' : `Set ${name} anew`} close={close}>
      <MakeForm form={form} make={make} label="Set it" cancel={close}>
        {name === '' ? (
          <TextInput
            label="Name"
            description="Letters, digits, _ and -: CRM_KEY."
            maxLength={127}
            data-autofocus
            value={form.values.key}
            error={form.error('key')}
            onChange={(event) => form.set('key', event.currentTarget.value)}
          />
        ) : null}
        <Textarea
          label="Value"
          autosize
          maxRows={8}
          description="It replaces what is there, and is not shown again."
          autoComplete="off"
          value={form.values.value}
          error={form.error('value')}
          onChange={(event) => form.set('value', event.currentTarget.value)}
        />
      </MakeForm>
    </Dialog>
  );
}
