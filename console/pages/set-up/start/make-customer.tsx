import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useForm } from '../../../ui/form.ts';
import { Problem } from '../../../ui/save-bar.tsx';
import { SecretInput } from '../../../ui/secret-input.tsx';
import { makeCustomer } from './api.ts';

/** A customer to try with where no mail can be sent: signing up would wait for a mailed code. */
export function MakeCustomer({ connection }: { connection: string }) {
  const form = useForm({ email: '', password: '' });
  const [made, setMade] = useState<string>();
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.save(async () => setMade((await makeCustomer({ ...form.values, connection })).email));
      }}
    >
      <Stack gap="sm">
        <Text size="sm">No mail server yet? Signing up waits for a mailed code, so make a customer here:</Text>
        <TextInput
          label="E-mail address"
          type="email"
          required
          autoComplete="off"
          value={form.values.email}
          error={form.error('email')}
          onChange={(event) => form.set('email', event.currentTarget.value)}
        />
        <SecretInput
          label="Password"
          required
          autoComplete="new-password"
          value={form.values.password}
          error={form.error('password')}
          onChange={(event) => form.set('password', event.currentTarget.value)}
        />
        {form.problem === undefined ? null : <Problem text={form.problem} />}
        <Group>
          <Button type="submit" variant="default" loading={form.isSaving}>
            Make a customer to try with
          </Button>
        </Group>
        <Text size="sm" role="status">
          {made === undefined ? '' : `${made} can sign in now.`}
        </Text>
      </Stack>
    </form>
  );
}
