import type { MailKind, ValuesOf } from '../mail-content.ts';

/** What a mail is for, and what it is told. */
export type MailKindInfo = { readonly about: string; readonly values: readonly ValueName[] };
export type ValueName = ValuesOf<MailKind>;

/** A value that a template may show: what it is, and how one looks. */
export const values: Readonly<Record<ValueName, { about: string; sample: string }>> = {
  address: { about: 'The e-mail address that it is about', sample: 'ada@example.com' },
  browser: { about: 'Browser and system', sample: 'Firefox on Windows' },
  code: { about: 'The code that is to be typed', sample: '493027' },
  date: { about: 'The day on which it will happen', sample: '24 December 2026' },
  first: { about: 'The account that stays, in words for people', sample: 'ada@example.com' },
  link: { about: 'The link that the mail is for', sample: '/u/example?ticket=q7Rk2mWx9Tz4bN1v' },
  name: { about: 'The name of the passkey, as the customer gave it', sample: 'My phone' },
  place: { about: 'From where: a place or an IP address', sample: 'Lyon, France (192.0.2.1)' },
  second: { about: 'The way in, or the account, that came or went', sample: 'Google (ada@example.com)' },
  time: { about: 'When it happened', sample: '3 March 2026, 14:05 UTC' },
  what: { about: 'What was allowed, in the words that were shown', sample: 'News by e-mail, at most once a week' },
};

const info: { readonly [K in MailKind]: { about: string; values: readonly ValuesOf<K>[] } } = {
  sign_up_code: { about: 'The code that finishes a sign-up', values: ['code'] },
  known_address: {
    about: 'Somebody signs up with an address that has an account: a code to sign in',
    values: ['code'],
  },
  sign_in_code: { about: 'The code that signs in', values: ['code'] },
  sign_in_link: { about: 'The link that signs in', values: ['link'] },
  second_factor_code: { about: 'The code of the second step', values: ['code'] },
  account_proof: { about: 'The code that proves an account before another way in is joined to it', values: ['code'] },
  verify_email: { about: 'Confirms an address of an account that was made elsewhere', values: ['link', 'address'] },
  reset_password: { about: 'The link that sets a new password', values: ['link'] },
  no_account: { about: 'A new password was asked for where there is no account', values: ['address'] },
  unblock: { about: 'Sign-ins from one place were stopped: the link that allows them', values: ['link', 'place'] },
  unlock_factor: { about: 'The second step was locked: the link that unlocks it', values: ['link'] },
  confirm_consent: { about: 'Confirms what somebody allowed', values: ['link', 'what'] },
  new_device: {
    about: 'A sign-in from an unknown device or place: the link that ends it',
    values: ['link', 'time', 'browser', 'place'],
  },
  email_change_code: { about: 'The code that proves a new address', values: ['code'] },
  email_change_link: {
    about: 'Customer service changes the address: the link that proves the new one',
    values: ['link', 'address'],
  },
  email_change_asked: { about: 'To the old address: somebody wants to change it', values: ['address'] },
  email_change_by_staff: { about: 'To the old address: customer service was asked to change it', values: ['address'] },
  email_changed: { about: 'To the old address: it was changed', values: ['address'] },
  password_added: { about: 'A password was set', values: [] },
  password_changed: { about: 'The password was changed', values: [] },
  password_removed: { about: 'The password was removed', values: [] },
  passkey_added: { about: 'A passkey was added', values: ['name'] },
  passkey_removed: { about: 'A passkey was removed', values: ['name'] },
  factor_added: { about: 'A second step was added', values: [] },
  factor_removed: { about: 'A second step was removed', values: [] },
  recovery_codes_made: { about: 'New recovery codes were made', values: [] },
  recovery_code_used: { about: 'A recovery code was used', values: [] },
  linked: { about: 'A way in was added', values: ['first', 'second'] },
  unlinked: { about: 'A way in was removed', values: ['first', 'second'] },
  merged: { about: 'Two accounts became one', values: ['first', 'second'] },
  profile_changed: { about: 'What is known of the customer was changed on the account pages', values: [] },
  data_downloaded: { about: 'All data were downloaded', values: [] },
  erasure_asked: { about: 'The account will be erased: the link that keeps it', values: ['date', 'link'] },
  erasure_undone: { about: 'The account will not be erased after all', values: [] },
  erased: { about: 'The account was erased: the last mail', values: [] },
};

/** Every kind of mail of ours, in the order in which a customer meets them. */
export const mailKinds: ReadonlyMap<MailKind, MailKindInfo> = new Map(
  Object.entries(info).flatMap(([name, one]) => (isKind(name) ? [[name, one] as const] : [])),
);

/** Is there such a mail? */
export function isKind(name: string): name is MailKind {
  return Object.hasOwn(info, name);
}

/** What every mail is told, beside what it is about. */
export const commonValues: Readonly<Record<string, string>> = {
  brand: 'The name of the brand',
  language: 'The language of the mail: en, de, es or fr',
  logo_url: 'The logo of the brand; empty if it has none',
  support_url: 'The help page of the brand; empty if it has none',
  privacy_url: 'The privacy page of the brand; empty if it has none',
  corner: 'How round corners are, for a style: 10px',
  'colours.page': 'Behind everything, for a style: #f4f2ee',
  'colours.sheet': 'Behind the text',
  'colours.brand': 'Of a button',
  'colours.on_brand': 'Of the words on a button',
  'colours.ink': 'Of the text',
  'colours.ink_soft': 'Of the text on the page',
  'colours.soft': 'Of what matters less',
  'colours.foot': 'Of the foot of the page',
};

/** Without these the mail is worth nothing: a template must show them. */
export function mustShow(kind: MailKind): ('code' | 'link')[] {
  const told: readonly string[] = mailKinds.get(kind)?.values ?? [];
  return (['code', 'link'] as const).filter((name) => told.includes(name));
}
