import { Button, Grid, Stack } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useParams } from '@tanstack/react-router';
import { ApiError } from '../../ui/api.ts';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { customerQuery } from './api.ts';
import { AskedQuestions } from './asked.tsx';
import { Attributes } from './attributes.tsx';
import { Consents } from './consents.tsx';
import { FollowUp } from './follow-up.tsx';
import { nameOf } from './names.ts';
import { Notes } from './notes.tsx';
import { Raw } from './raw.tsx';
import { Sessions } from './sessions.tsx';
import { Summary } from './summary.tsx';
import { Blocks, Support } from './support.tsx';
import { Tags } from './tags.tsx';
import { Timeline } from './timeline.tsx';
import { WaysIn } from './ways-in.tsx';

export const route = createLazyRoute('/customers/$id')({ component: ProfilePage });

function ProfilePage() {
  const { id } = useParams({ from: '/customers/$id' });
  const may = useMay();
  const { data: user, error, refetch } = useQuery(customerQuery(id));
  const failed = error ? <Failed error={error} retry={() => void refetch()} /> : null;
  // What could not be read anew just now is no reason to drop what somebody is writing here; that it may not be is.
  const isRefused = error instanceof ApiError && error.status < 500;
  if (failed && (isRefused || !user)) return failed;
  if (!user) return <Loading label="The profile is being read" />;
  return (
    <Page
      title={nameOf(user)}
      actions={
        <>
          <Button
            component={Link}
            to="/customers"
            variant="default"
            size="xs"
            leftSection={<IconArrowLeft size={14} aria-hidden />}
          >
            All customers
          </Button>
          <Support user={user} />
          <Raw user={user} />
        </>
      }
    >
      {failed}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            <Summary user={user} />
            <Blocks id={user.user_id} />
            {may('read:user_follow_ups') && (
              <div>
                <FollowUp id={user.user_id} />
              </div>
            )}
            {may('read:user_tags') && <Tags id={user.user_id} />}
            <Attributes user={user} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <WaysIn user={user} />
            <Sessions id={user.user_id} />
            {may('read:user_notes') && <Notes id={user.user_id} />}
            {may('read:consents') && <Consents id={user.user_id} />}
            {may('read:questions') && <AskedQuestions user={user} />}
            {(may('read:logs_users') || may('read:logs')) && <Timeline id={user.user_id} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
