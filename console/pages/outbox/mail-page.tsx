import { Alert, Button, Code, Group, Stack, Tabs, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { WholeOutboxMail } from '../../../contract/outbox.ts';
import { Ask } from '../../ui/ask.tsx';
import { MailFrame } from '../../ui/mail-frame.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { moment } from '../../ui/words.ts';
import { mailQuery, resend } from './api.ts';
import { Standing } from './standing.tsx';

export const route = createLazyRoute('/outbox/$id')({ component: MailPage });

function MailPage() {
  const { id } = useParams({ from: '/outbox/$id' });
  const [secrets, setSecrets] = useState(false);
  const { data: mail, error, refetch } = useQuery(mailQuery(id, secrets));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!mail) return <Loading label="The mail is being read" />;
  return (
    <Page title={mail.subject} actions={<Actions mail={mail} />}>
      <Facts mail={mail} />
      {mail.error === null ? null : (
        <Alert color="red" variant="light" title="It could not be sent">
          {mail.error}
        </Alert>
      )}
      {mail.template_error === null ? null : (
        <Alert color="yellow" variant="light" title="Your template was not used: our words were sent">
          {mail.template_error}
        </Alert>
      )}
      <Secrets mail={mail} shown={secrets} show={() => setSecrets(true)} />
      <Tabs defaultValue="html">
        <Tabs.List>
          <Tabs.Tab value="html">With look</Tabs.Tab>
          <Tabs.Tab value="text">Plain text</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="html" pt="sm" maw={720}>
          <MailFrame html={mail.html} title="The mail" />
        </Tabs.Panel>
        <Tabs.Panel value="text" pt="sm" maw={720}>
          <Code block tabIndex={0} aria-label="Plain text of the mail" className="wrapped">
            {mail.text}
          </Code>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Actions({ mail }: { mail: WholeOutboxMail }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const [asks, setAsks] = useState(false);
  const canResend = mail.status === 'failed' && !mail.held_secrets && may('update:outbox');
  return (
    <>
      <Button component={Link} to="/outbox" variant="default">
        All mails
      </Button>
      {canResend ? <Button onClick={() => setAsks(true)}>Send again</Button> : null}
      {asks ? (
        <Ask
          title="Send this mail again?"
          yes="Send again"
          close={() => setAsks(false)}
          act={async () => {
            await resend(mail.id);
            tell({ message: 'It is on its way again.' });
            await Promise.all([
              queryClient.invalidateQueries({ queryKey: ['outbox'] }),
              queryClient.invalidateQueries({ queryKey: ['outbox-mail', mail.id] }),
            ]);
          }}
        >
          {mail.recipient} gets it as it is below.
        </Ask>
      ) : null}
    </>
  );
}

function Facts({ mail }: { mail: WholeOutboxMail }) {
  const lines = [
    ['To', mail.recipient],
    ['From', mail.sender],
    ['Kind', mail.kind],
    ['Language', mail.language],
    ['Written', moment(mail.created_at)],
    ['Sent', moment(mail.sent_at)],
  ].filter(([, value]) => value !== undefined);
  return (
    <Stack gap="xs" align="flex-start">
      <Standing status={mail.status} />
      <table className="table facts" style={{ width: 'auto' }}>
        <tbody>
          {lines.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="value">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Stack>
  );
}

/** Why dots stand where a code was; and, where there is no mail server, the way to see it. */
function Secrets({ mail, shown, show }: { mail: WholeOutboxMail; shown: boolean; show: () => void }) {
  const may = useMay();
  if (!mail.held_secrets) return null;
  if (shown)
    return <Text size="sm">Its code or link is shown below. It opens the account: give it to nobody else.</Text>;
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        Its code or link is not shown: whoever has it is let in.
        {mail.status === 'failed' ? ' So it cannot be sent again: let the customer ask for a new one.' : ''}
      </Text>
      {mail.status === 'kept' && mail.brand !== null && may('read:outbox_secrets') ? (
        <Button size="xs" variant="default" onClick={show}>
          Show it, as no mail server sends it
        </Button>
      ) : null}
    </Group>
  );
}
