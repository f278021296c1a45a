import { Stack, Tabs, Text } from '@mantine/core';
import { Copy } from '../../../ui/copy.tsx';
import type { Client } from './api.ts';
import { snippetsOf } from './snippets.ts';

/** Code for common frameworks, with this portal's values filled in. */
export function SnippetsPanel({ portal }: { portal: Client }) {
  const issuer = `${window.location.origin}/`;
  const snippets = snippetsOf(portal, issuer);
  return (
    <Stack gap="md">
      <Values portal={portal} issuer={issuer} />
      {portal.callbacks.length === 0 && portal.app_type !== 'non_interactive' ? (
        <Text size="sm">This portal has no callback address yet; the code shows one that you must replace.</Text>
      ) : null}
      <Tabs defaultValue={snippets[0]?.name ?? null}>
        <Tabs.List>
          {snippets.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map(({ name, install, code }) => (
          <Tabs.Panel key={name} value={name} pt="md">
            <Stack gap="md">
              {install === '' ? null : <Copy block text={install} label={`how to install it (${name})`} />}
              <Copy block text={code} label={`the code (${name})`} />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}

function Values({ portal, issuer }: { portal: Client; issuer: string }) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        Client id
      </Text>
      <Copy text={portal.client_id} label="the client id" />
      <Text size="sm" fw={600}>
        Issuer
      </Text>
      <Copy text={issuer} label="the issuer" />
    </Stack>
  );
}
