import { Badge, Button, Card, Group, List, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import type { SigningKey } from '../../../contract/signing-keys.ts';
import { Copy } from '../../ui/copy.tsx';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { moment } from '../../ui/words.ts';
import { keysQuery } from './api.ts';
import { type Question, Questions } from './questions.tsx';

export const route = createLazyRoute('/signing-keys')({ component: KeysPage });

const columns: readonly Column<SigningKey>[] = [
  { name: 'Key id', of: (key) => key.kid },
  { name: 'Standing', of: (key) => standingOf(key).label },
  { name: 'Since or from', of: (key) => key.current_since ?? key.current_until ?? key.revoked_at },
  { name: 'SHA-1 of the certificate', of: (key) => key.fingerprint },
];

function KeysPage() {
  const { data: keys, error, refetch } = useQuery(keysQuery);
  const [question, setQuestion] = useState<Question>();
  const queryClient = useQueryClient();
  const may = useMay();
  const mayChange = may('update:signing_keys');
  const done = async (message: string) => {
    tell({ message });
    await queryClient.invalidateQueries({ queryKey: ['signing-keys'] });
  };
  return (
    <Page
      title="Signing keys"
      about="Your portals verify the tokens of their customers with these keys, which they fetch by themselves."
      actions={
        <>
          <ExportButton name="signing-keys" columns={columns} rows={keys ?? []} />
          {mayChange ? (
            <>
              <Button onClick={() => setQuestion({ is: 'rotate' })}>Rotate</Button>
              <Button variant="default" onClick={() => setQuestion({ is: 'rotate at once' })}>
                Rotate at once
              </Button>
            </>
          ) : null}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!keys && !error ? <Loading label="Keys are being read" /> : null}
      <Stack gap="sm">
        {keys?.map((key) => (
          <KeyCard
            key={key.kid}
            signingKey={key}
            revoke={mayChange && !key.current && !key.revoked ? () => setQuestion({ is: 'revoke', key }) : undefined}
          />
        ))}
      </Stack>
      <WhatHappens />
      {question ? <Questions question={question} close={() => setQuestion(undefined)} done={done} /> : null}
    </Page>
  );
}

function KeyCard({ signingKey: key, revoke }: { signingKey: SigningKey; revoke: (() => void) | undefined }) {
  const { label, colour, words } = standingOf(key);
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={6}>
          <Group gap="xs">
            <Badge color={colour} variant="outline" className="standing">
              {label}
            </Badge>
            <Text size="sm">{words}</Text>
          </Group>
          <Copy text={key.kid} label="key id" />
          <Text size="xs" c="dimmed" className="value">
            SHA-1 of the certificate: {key.fingerprint}
          </Text>
        </Stack>
        {revoke ? (
          <Button variant="default" size="xs" onClick={revoke} aria-label={`Revoke ${key.kid}`}>
            Revoke
          </Button>
        ) : null}
      </Group>
    </Card>
  );
}

function standingOf(key: SigningKey): { label: string; colour: string; words: string } {
  if (key.current) return { label: 'Signs', colour: 'green', words: `since ${moment(key.current_since)}` };
  if (key.next) {
    const words = key.current_since ? `signs from ${moment(key.current_since)}` : 'published; signs when you rotate';
    return { label: 'Next', colour: 'blue', words };
  }
  if (key.previous) return { label: 'Verifies', colour: 'gray', words: `signed until ${moment(key.current_until)}` };
  return { label: 'Revoked', colour: 'red', words: `since ${moment(key.revoked_at)}` };
}

function WhatHappens() {
  return (
    <section aria-label="What happens when">
      <Text fw={600} size="sm" mb={4}>
        What happens when
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>
          <b>Rotate</b>: the next key signs once it has been published for 24 hours, so that no portal meets a key that
          it does not know. The key before it goes on verifying what it signed. Nobody notices.
        </List.Item>
        <List.Item>
          <b>Rotate at once</b>: for when a key was stolen. A portal that fetched the keys long ago may refuse tokens
          until it fetches them again.
        </List.Item>
        <List.Item>
          <b>Revoke</b>: what the key signed is good for nothing from then on. Whoever holds such a token must sign in
          again. The key that signs cannot be revoked: rotate first.
        </List.Item>
      </List>
    </section>
  );
}
