import { ActionIcon, Anchor, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { brandNamesQuery } from '../../ui/brand-names.ts';
import { useMay, useSession } from '../../ui/session.ts';
import { Empty, Failed } from '../../ui/states.tsx';
import { Breakable } from '../../ui/wording.tsx';
import { day } from '../../ui/words.ts';
import { type Attribute, factsQuery, type User } from './api.ts';
import type { Edited } from './edit-value.tsx';
import { Sureness } from './sureness.tsx';
import { useValueNames } from './use-value-names.ts';
import { valueAt } from './value-at.ts';
import type { ShortList } from './value-text.ts';
import { groupsOf, type Line, sourceOf } from './values.ts';
import { writable } from './write-value.ts';

const EditValue = lazy(() => import('./edit-value.tsx').then((module) => ({ default: module.EditValue })));
const AddValue = lazy(() => import('./add-value.tsx').then((module) => ({ default: module.AddValue })));

type Open = 'add' | { readonly edited: Edited; readonly attribute: Attribute | undefined };

/** What is known of a customer: each value with who said it, and when; to be changed by who may. */
export function Attributes({ user }: { user: User }) {
  const may = useMay();
  const session = useSession();
  const facts = useQuery(factsQuery(user.user_id));
  const known = useValueNames();
  const { catalogue } = known;
  const [open, setOpen] = useState<Open>();
  const { data: brands = [] } = useQuery({
    ...brandNamesQuery,
    enabled: may('read:brands') && user.brands !== undefined,
  });
  const brandName = (slug: string) => brands.find((one) => one.slug === slug)?.name ?? slug;
  const groups = groupsOf(user, facts.data ?? [], known, brandName);
  const isWritable = writable(session, catalogue);
  const attributeOf = (path: string) => catalogue.find((one) => one.path === path);
  const edit = (edited: Edited, attribute = attributeOf(edited.path)) => setOpen({ edited, attribute });
  const close = () => setOpen(undefined);
  const mayAdd = ['user_metadata.x', 'app_metadata.x', ...catalogue.map(({ path }) => path)].some(isWritable);
  return (
    <Stack gap="md">
      {facts.error ? (
        <Stack gap="xs">
          <Text size="sm">Where these values come from could not be read.</Text>
          <Failed error={facts.error} retry={() => void facts.refetch()} />
        </Stack>
      ) : null}
      {groups.length === 0 ? (
        <Empty title="Nothing is known yet">What the customer tells, or a network knows of them, will be here.</Empty>
      ) : null}
      {groups.map(({ title, lines }) => (
        <Card key={title} withBorder padding="md" component="section" aria-label={title}>
          <Title order={2} size="h5" mb="xs">
            {title}
          </Title>
          <table className="table facts" style={{ tableLayout: 'fixed' }}>
            <tbody>
              {lines.map((line) => (
                <Row key={line.path} line={line} edit={isWritable(line.path) ? () => edit(line) : undefined} />
              ))}
            </tbody>
          </table>
        </Card>
      ))}
      {mayAdd ? (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setOpen('add')}
          >
            Add a value
          </Button>
        </div>
      ) : null}
      <Suspense fallback={null}>
        {open === 'add' ? (
          <AddValue
            catalogue={catalogue}
            isWritable={isWritable}
            isThere={(path) => valueAt(user, path) !== undefined}
            choose={edit}
            close={close}
          />
        ) : null}
        {open && open !== 'add' ? <EditValue id={user.user_id} {...open} close={close} /> : null}
      </Suspense>
    </Stack>
  );
}

function Row({
  line: { path, label, text, short, sensitive, fact },
  edit,
}: {
  line: Line;
  /** Undefined: they may not. */
  edit: (() => void) | undefined;
}) {
  return (
    <tr>
      <th className="value" scope="row" title={path} style={{ width: '36%' }}>
        {label}{' '}
        {sensitive && (
          <Badge size="xs" variant="light" color="orange">
            sensitive
          </Badge>
        )}
      </th>
      <td className="value">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
          <div>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
              {short ? <Folded label={label} text={text} short={short} /> : <Breakable text={text} />}
            </Text>
            {fact && (
              <Text size="xs" c="dimmed">
                by {sourceOf(fact)}
                <Sureness fact={fact} />, {day(fact.at)}
              </Text>
            )}
          </div>
          {edit ? (
            <ActionIcon variant="subtle" color="gray" aria-label={`Change: ${label}`} onClick={edit}>
              <IconPencil size={16} />
            </ActionIcon>
          ) : null}
        </Group>
      </td>
    </tr>
  );
}

/** A long list: its beginning, and the rest when somebody wants it. */
function Folded({ label, text, short }: { label: string; text: string; short: ShortList }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {isOpen ? text : `${short.text} … `}{' '}
      <Anchor
        component="button"
        type="button"
        size="sm"
        underline="always"
        aria-expanded={isOpen}
        aria-label={isOpen ? `Show fewer: ${label}` : `Show all ${short.count}: ${label}`}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Show fewer' : `Show all ${short.count}`}
      </Anchor>
    </>
  );
}
