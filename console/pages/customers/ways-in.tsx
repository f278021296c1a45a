import { Card, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import {
  IconDeviceMobile,
  IconFingerprint,
  type IconKey,
  IconLifebuoy,
  IconMail,
  IconPassword,
  IconWorld,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { day } from '../../ui/words.ts';
import { type Method, methodsQuery, type User } from './api.ts';
import { networkName } from './names.ts';

const words: Readonly<Record<Method['type'], { label: string; icon: typeof IconKey }>> = {
  password: { label: 'Password', icon: IconPassword },
  passkey: { label: 'Passkey', icon: IconFingerprint },
  totp: { label: 'Authenticator app (second factor)', icon: IconDeviceMobile },
  phone: { label: 'Code by phone (second factor)', icon: IconDeviceMobile },
  email: { label: 'Code by mail (second factor)', icon: IconMail },
  'email-verification': { label: 'Code by mail', icon: IconMail },
  'recovery-code': { label: 'Recovery codes', icon: IconLifebuoy },
};

/** How the customer signs in: networks, and what they prove themselves with. */
export function WaysIn({ user }: { user: User }) {
  const may = useMay();
  const mayRead = may('read:authentication_methods');
  const { data = [], error, refetch, isLoading } = useQuery({ ...methodsQuery(user.user_id), enabled: mayRead });
  const networks = (user.identities ?? []).filter(({ provider }) => provider !== 'auth0');
  return (
    <Card withBorder padding="md" component="section" aria-label="Ways in">
      <Title order={2} size="h5" mb="xs">
        Ways in
      </Title>
      <Stack gap="xs">
        {error ? <Failed error={error} retry={() => void refetch()} /> : null}
        {isLoading ? <Loading label="Ways in are being read" /> : null}
        {networks.length + data.length === 0 && !error && !isLoading && (
          <Text size="sm" c="dimmed">
            {mayRead ? 'None.' : 'None that your role may see.'}
          </Text>
        )}
        {networks.map((one) => (
          <Way
            key={`${one.provider}|${one.user_id}`}
            icon={<IconWorld size={16} />}
            label={networkName(one)}
            more={one.user_id}
          />
        ))}
        {data.map(({ id, type, name, email, phone_number, created_at, last_auth_at }) => {
          const { label, icon: Icon } = words[type];
          const when = last_auth_at ? `last used ${day(last_auth_at)}` : `since ${day(created_at)}`;
          const more = [name, email, phone_number, when].filter(Boolean).join(', ');
          return <Way key={id} icon={<Icon size={16} />} label={label} more={more} />;
        })}
      </Stack>
    </Card>
  );
}

function Way({ icon, label, more }: { icon: ReactNode; label: string; more: string }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <ThemeIcon variant="light" color="gray" aria-hidden>
        {icon}
      </ThemeIcon>
      <div style={{ minWidth: 0 }}>
        <Text size="sm">{label}</Text>
        <Text size="xs" c="dimmed" className="value">
          {more}
        </Text>
      </div>
    </Group>
  );
}
