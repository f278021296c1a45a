import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from '../../../ui/form.ts';
import { MakeForm } from '../../../ui/make-form.tsx';
import { type Connection, makeConnection } from './api.ts';
import { NetworkForm } from './network-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { Steps } from './steps.tsx';
import type { Guide } from './strategies.ts';
import { draftOf, valuesOfNew } from './values.ts';

type Portal = { readonly client_id: string; readonly name: string };

/** A new connection, guided: what to do there, what to type here, who offers it. */
export function MakeConnection({
  guide,
  portals,
  done,
  cancel,
}: {
  guide: Guide;
  portals: readonly Portal[];
  done: (made: Connection) => void;
  cancel?: () => void;
}) {
  const queryClient = useQueryClient();
  const form = useForm(valuesOfNew(guide));
  const [offering, setOffering] = useState(portals.map(({ client_id }) => client_id));
  const { values } = form;

  function submit(): Promise<boolean> {
    return form.save(async () => {
      const made = await makeConnection(draftOf(guide, values, offering));
      await queryClient.invalidateQueries({ queryKey: ['connections'] });
      done(made);
    });
  }

  return (
    <MakeForm form={form} make={submit} label="Make the connection" cancel={cancel}>
      <Steps guide={guide} />
      {guide.strategy === 'auth0' ? (
        <PasswordForm form={form} disabled={false} />
      ) : (
        <NetworkForm guide={guide} form={form} isNew disabled={false} />
      )}
      <TextInput
        label="Name of the connection"
        description="Stands in user ids and in what portals ask for. It stays for ever."
        required
        maxLength={128}
        value={values.name}
        error={form.error('name')}
        onChange={(event) => form.set('name', event.currentTarget.value)}
      />
      {portals.length === 0 ? null : (
        <Checkbox.Group
          label="Offered at"
          value={offering}
          onChange={setOffering}
          error={form.errorAt('enabled_clients')}
        >
          <Stack gap="xs" mt="xs">
            {portals.map(({ client_id, name }) => (
              <Checkbox key={client_id} value={client_id} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </MakeForm>
  );
}
