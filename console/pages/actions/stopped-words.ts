import type { TriggerId } from '../../../contract/actions.ts';

type Stopped = Readonly<Record<string, unknown>> & { readonly by: string };

const refused: Readonly<Record<TriggerId, string>> = {
  'post-login': 'The sign-in would be refused',
  'pre-user-registration': 'The registration would be refused',
  'post-user-registration': 'It would be refused',
  'post-change-password': 'It would be refused',
  'credentials-exchange': 'The token would be refused',
  'send-phone-message': 'The message would not be sent',
};

const away: Readonly<Record<string, string>> = {
  redirect: 'The customer would be sent elsewhere',
  prompt: 'The customer would be asked a question first',
};

/** What an action that was tried would have stopped, and what it says of that: why, or where to. */
export function stoppedInWords(
  stopped: Stopped,
  trigger: TriggerId,
): { title: string; more: string | undefined; isRefused: boolean } {
  const { by, message, url } = stopped;
  const elsewhere = away[by];
  return {
    title: elsewhere ?? refused[trigger],
    more: [message, url].find((one): one is string => typeof one === 'string'),
    isRefused: elsewhere === undefined,
  };
}
