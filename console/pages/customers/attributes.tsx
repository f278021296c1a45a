import { Badge, Card, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../ui/session.ts';
import { Empty } from '../../ui/states.tsx';
import { day } from '../../ui/words.ts';
import { attributesQuery, factsQuery, type User } from './api.ts';
import { groupsOf, type Line, sourceOf } from './values.ts';

/** What is known of a customer: each value with who said it, and when. */
export function Attributes({ user }: { user: User }) {
  const may = useMay();
  const facts = useQuery(factsQuery(user.user_id));
  const catalogue = useQuery({ ...attributesQuery, enabled: may('read:attributes') });
  const groups = groupsOf(user, facts.data ?? [], catalogue.data ?? []);
  if (groups.length === 0)
    return (
      <Empty title="Nothing is known yet">What the customer tells, or a network knows of them, will be here.</Empty>
    );
  return (
    <Stack gap="md">
      {groups.map(({ title, lines }) => (
        <Card key={title} withBorder padding="md" component="section" aria-label={title}>
          <Title order={2} size="h5" mb="xs">
            {title}
          </Title>
          <Table layout="fixed" verticalSpacing={6} withRowBorders={false}>
            <Table.Tbody>
              {lines.map((line) => (
                <Row key={line.path} line={line} />
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      ))}
    </Stack>
  );
}

function Row({ line: { path, label, text, sensitive, fact } }: { line: Line }) {
  return (
    <Table.Tr>
      <Table.Th fw={500} c="dimmed" w="36%" className="value" scope="row" title={path} style={{ verticalAlign: 'top' }}>
        {label}{' '}
        {sensitive && (
          <Badge size="xs" variant="light" color="orange">
            sensitive
          </Badge>
        )}
      </Table.Th>
      <Table.Td className="value" style={{ verticalAlign: 'top' }}>
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {text}
        </Text>
        {fact && (
          <Text size="xs" c="dimmed">
            by {sourceOf(fact)}, {day(fact.at)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
