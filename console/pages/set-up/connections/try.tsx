import { Button, List, NativeSelect, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../../../ui/dialog.tsx';

/** The address of a real sign-in at a brand by one connection; it ends at the customer's own account page. */
export function doorOf(brand: string, connection?: string): string {
  return `/account/enter?${new URLSearchParams({ brand, ...(connection === undefined ? {} : { connection }) })}`;
}

/** Opens a real sign-in by this connection, at a brand whose portals offer it. */
export function Try({
  connection,
  brands,
  close,
}: {
  connection: string;
  brands: readonly { readonly slug: string; readonly name: string }[];
  close: () => void;
}) {
  const [chosen, setChosen] = useState(brands[0]?.slug);
  return (
    <Dialog title="Try this connection" close={close}>
      {chosen === undefined ? (
        <Text size="sm">No portal offers it yet. Turn it on for one under “Portals”, then try it there.</Text>
      ) : (
        <Stack gap="md">
          <Text size="sm">A real sign-in opens in a new tab:</Text>
          <List size="sm" spacing="xs">
            <List.Item>You sign in as a customer would, with an account of your own there.</List.Item>
            <List.Item>It ends at that customer’s account page, which shows what was learned.</List.Item>
            <List.Item>
              The customer is a real one and stays, with one sign-in more. Your session as staff is another.
            </List.Item>
          </List>
          <NativeSelect
            label="At which brand?"
            data={brands.map(({ slug, name }) => ({ value: slug, label: name }))}
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Button
            component="a"
            href={doorOf(chosen, connection)}
            target="_blank"
            rel="noopener noreferrer"
            leftSection={<IconExternalLink size={16} aria-hidden />}
            onClick={close}
          >
            Open the sign-in
          </Button>
        </Stack>
      )}
    </Dialog>
  );
}
