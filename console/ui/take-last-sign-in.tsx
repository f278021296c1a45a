import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { customerCalled } from './customer-called.ts';
import { refusalOf } from './refusal.ts';
import { useMay } from './session.ts';
import { useFocusKept } from './use-focus-kept.ts';

/** Asks for a customer (`user_id`) whose last sign-in code is tried with. Nothing for who may not read customers. */
export function TakeLastSignIn({ take }: { take: (userId: string) => Promise<void> }) {
  const may = useMay();
  const [who, setWho] = useState('');
  const choose = useMutation({
    mutationFn: async () => take((await customerCalled(who)).user_id),
  });
  const button = useFocusKept(choose.isPending);
  if (!may('read:users')) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        choose.mutate();
      }}
    >
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Customer"
          description="user_id or e-mail address. What your role may not see is left out."
          flex={1}
          miw={220}
          maxLength={600}
          value={who}
          error={choose.error ? refusalOf(choose.error).text : undefined}
          onChange={(event) => setWho(event.currentTarget.value)}
        />
        <Button ref={button} type="submit" variant="default" loading={choose.isPending}>
          Take their last sign-in
        </Button>
      </Group>
    </form>
  );
}
