import type { Base } from '../../base/base.ts';
import { completeNotMe, lookAtNotMe } from '../../features/accounts/accounts.ts';
import { endSignIn } from '../oidc/oidc.ts';
import { sendMessage, toAccount } from './room.ts';
import { askToConfirm, type TicketPage } from './ticket-page.ts';

/** "This was not me": ends the sign-in that a mail told of, and offers a new password. */
export function notMePage(base: Base): TicketPage {
  return {
    purpose: 'not_me',
    texts: 'not_me',
    instead: '/devices',
    async show(room, ticket) {
      return askToConfirm(room, 'not_me', 'not-me', ticket, { ...(await lookAtNotMe(base, ticket)) });
    },
    async act(room, ticket) {
      const { choosePassword } = await completeNotMe(base, { ticket, asked: room.asked, endSignIn });
      if (choosePassword === undefined)
        return sendMessage(room, { key: 'not_me.done', link: 'home', also: toAccount(room, '/ways') });
      const href = `/u/reset-password?ticket=${encodeURIComponent(choosePassword)}`;
      return sendMessage(room, { key: 'not_me.done_password', link: { href, label: room.say('not_me.choose') } });
    },
  };
}
