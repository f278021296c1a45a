import { Button, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { consentPurposes } from '../../ui/consent-purposes.ts';

/** What a consent is, and what each purpose allows; for who may make one each is the way to it. */
export function Teach({ mayMake }: { mayMake: boolean }) {
  return (
    <Stack gap="md">
      <div>
        <Title order={2} size="h4">
          No consent yet
        </Title>
        <Text c="dimmed" maw={640}>
          A consent is something that customers may allow or refuse: a purpose, or one topic of it. You write its words,
          in as many versions and languages as it takes; every answer is kept with what was shown, and can be taken back
          in the account. Without a yes nothing is done that needs one: ready rules that enrich or profile leave such a
          customer alone.{mayMake ? ' Begin with what you want to do:' : ''}
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {consentPurposes.map(({ value, label, allows }) => {
          const content = (
            <>
              <Title order={3} size="h5" mb={4}>
                {label}
              </Title>
              <Text size="sm" c="dimmed">
                {allows}
              </Text>
            </>
          );
          return mayMake ? (
            <Link key={value} to="/consents/new" search={{ purpose: value }} className="card">
              {content}
            </Link>
          ) : (
            <div key={value}>{content}</div>
          );
        })}
      </SimpleGrid>
    </Stack>
  );
}

/** The way to a new one. */
export function NewConsent() {
  return (
    <Button component={Link} to="/consents/new">
      New consent
    </Button>
  );
}
