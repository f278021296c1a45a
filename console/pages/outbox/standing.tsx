import { Badge } from '@mantine/core';
import type { OutboxMail } from '../../../contract/outbox.ts';

/** What became of mails, in words. */
export const standings: Readonly<Record<OutboxMail['status'], string>> = {
  queued: 'Waiting',
  sent: 'Sent',
  failed: 'Failed',
  kept: 'Kept here',
};

const colours = { queued: 'yellow', sent: 'green', failed: 'red', kept: 'gray' } as const;

/** What became of a mail. */
export function Standing({ status }: Pick<OutboxMail, 'status'>) {
  return (
    <Badge color={colours[status]} variant="outline" className="standing">
      {standings[status]}
    </Badge>
  );
}
