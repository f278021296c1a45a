import type { TriggerId } from '../../../contract/actions.ts';

/** What comes of an action that fails and whose failure matters. */
export const failureAt: Readonly<Record<TriggerId, string>> = {
  'post-login': 'The sign-in is refused',
  'pre-user-registration': 'The registration is refused',
  'post-user-registration': 'The actions after it do not run',
  'post-change-password': 'The actions after it do not run',
  'credentials-exchange': 'The token is refused',
  'send-phone-message': 'The message is not sent',
};
