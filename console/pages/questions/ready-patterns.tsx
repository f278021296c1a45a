import { SimpleGrid, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { patterns } from './patterns.ts';

/** Ready questions to begin with. */
export function Patterns() {
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      {patterns.map(({ id, title, about }) => (
        <Link key={id} to="/questions/new" search={{ from: id }} className="card">
          <Title order={3} size="h5" mb={4}>
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </Link>
      ))}
    </SimpleGrid>
  );
}
