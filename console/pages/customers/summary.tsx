import { Avatar, Badge, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconBan, IconCircleCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { brandNamesQuery } from '../../ui/brand-names.ts';
import { useMay } from '../../ui/session.ts';
import { Breakable } from '../../ui/wording.tsx';
import { day, moment, whole } from '../../ui/words.ts';
import { pictureQuery, type User, visitsQuery } from './api.ts';
import { nameOf, networkName } from './names.ts';
import { placeOf, timelineQuery } from './timeline-api.ts';
import { textOf } from './value-text.ts';

/** Who is this? In five seconds. */
export function Summary({ user }: { user: User }) {
  const name = nameOf(user);
  const visits = useVisits(user.user_id);
  const { data: picture } = useQuery(pictureQuery(user));
  const place = usePlace(user.user_id) ?? user.last_ip;
  return (
    <Card withBorder padding="md" component="section" aria-label="In short">
      <Group wrap="nowrap" align="flex-start" gap="md">
        <Avatar
          name={name}
          color="initials"
          size={64}
          radius="xl"
          {...(picture ? { src: picture, alt: `Picture of ${name}` } : { 'aria-hidden': true })}
        />
        <Stack gap={4} style={{ minWidth: 0 }}>
          {user.blocked && (
            <Badge color="red.9" leftSection={<IconBan size={12} aria-hidden />}>
              Blocked
            </Badge>
          )}
          {user.email && <Address text={user.email} verified={user.email_verified === true} />}
          {user.phone_number && <Address text={user.phone_number} verified={user.phone_verified === true} />}
        </Stack>
      </Group>
      {/* Columns, and a place for what is still being read: nothing below jumps when it comes. */}
      <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="md" mt="md">
        <Figure label="Customer since">{day(user.created_at)}</Figure>
        <Figure label="Last here">{moment(user.last_login) ?? 'never'}</Figure>
        <Figure label="Sign-ins">{whole(user.logins_count ?? 0)}</Figure>
        {visits?.length !== 0 && <Figure label="At">{visits?.join(', ') ?? '…'}</Figure>}
        {place && <Figure label="Last from">{place}</Figure>}
        {typeof user.birthdate === 'string' && (
          <Figure label="Birthday">{textOf(user.birthdate, { type: 'birthday' })}</Figure>
        )}
        {user.identities && (
          <Figure label="Signs in by">{[...new Set(user.identities.map(networkName))].join(', ')}</Figure>
        )}
      </SimpleGrid>
    </Card>
  );
}

/** The brands where they sign in, each with the day of the last time; undefined until it is known. */
function useVisits(id: string): string[] | undefined {
  const may = useMay();
  const { data: visits, error } = useQuery(visitsQuery(id));
  const { data: brands = [] } = useQuery({ ...brandNamesQuery, enabled: may('read:brands') });
  if (error) return [];
  return visits?.map(({ brand, last_at }) => {
    return `${brands.find((one) => one.slug === brand)?.name ?? brand} (${day(last_at)})`;
  });
}

/** From where they came last, as far as the timeline is shown. */
function usePlace(id: string): string | undefined {
  const may = useMay();
  const rows = useInfiniteQuery({ ...timelineQuery(id, ''), enabled: may('read:logs_users') || may('read:logs') });
  const shown = (rows.data?.pages ?? []).flatMap(({ timeline }) => timeline);
  return shown.map(placeOf).find((one) => one !== undefined);
}

function Address({ text, verified }: { text: string; verified: boolean }) {
  return (
    <Group gap={6}>
      <Text size="sm" className="value">
        <Breakable text={text} />
      </Text>
      {verified ? (
        <IconCircleCheck size={16} color="var(--mantine-color-regulars-6)" role="img" aria-label="verified" />
      ) : (
        <Badge size="xs" variant="light" color="gray">
          not verified
        </Badge>
      )}
    </Group>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={500} className="value">
        {children}
      </Text>
    </div>
  );
}
