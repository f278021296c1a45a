import type { Strategy } from '../../../contract/connection-options.ts';

/** What a button to a connection shows: the network's name and which icon. */
export type Button = { label: string; icon: Icon };

/** Icons that the pages draw; `other` for providers without one of their own. */
export type Icon =
  | 'password'
  | 'phone'
  | 'google'
  | 'facebook'
  | 'apple'
  | 'x'
  | 'github'
  | 'linkedin'
  | 'microsoft'
  | 'amazon'
  | 'other';

const buttons: Record<Exclude<Strategy, 'oidc' | 'oauth2'>, Button> = {
  auth0: { label: 'E-mail and password', icon: 'password' },
  sms: { label: 'Text message', icon: 'phone' },
  'google-oauth2': { label: 'Google', icon: 'google' },
  facebook: { label: 'Facebook', icon: 'facebook' },
  apple: { label: 'Apple', icon: 'apple' },
  twitter: { label: 'X', icon: 'x' },
  github: { label: 'GitHub', icon: 'github' },
  linkedin: { label: 'LinkedIn', icon: 'linkedin' },
  windowslive: { label: 'Microsoft', icon: 'microsoft' },
  amazon: { label: 'Amazon', icon: 'amazon' },
};

/** The button of a connection: its own display name if it has one, else the network's (a generic one's own name). */
export function buttonOf(connection: { strategy: Strategy; name: string; display_name?: string }): Button {
  const { strategy, name, display_name } = connection;
  const usual =
    strategy === 'oidc' || strategy === 'oauth2' ? { label: name, icon: 'other' as const } : buttons[strategy];
  return { label: display_name ?? usual.label, icon: usual.icon };
}
