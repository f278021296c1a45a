import { oneLine } from '../../base/letter.ts';

/** What each kind of mail must be told, beside brand and language. */
export type MailContent =
  | { kind: CodeMail; code: string }
  | { kind: 'reset_password' | 'sign_in_link'; link: string }
  | { kind: 'verify_email' | 'email_change_link'; link: string; address: string }
  | { kind: 'unblock'; link: string; place: string }
  | { kind: 'confirm_consent'; link: string; what: string }
  | { kind: 'no_account' | 'email_change_asked' | 'email_change_by_staff' | 'email_changed'; address: string }
  | { kind: 'linked' | 'unlinked' | 'merged'; first: string; second: string }
  | { kind: 'passkey_added' | 'passkey_removed'; name: string }
  | { kind: 'erasure_asked'; date: string; link: string }
  | { kind: 'new_device'; link: string; time: string; browser: string; place: string }
  | { kind: 'password_added' | 'password_changed' | 'password_removed' | 'profile_changed' }
  | { kind: 'data_downloaded' | 'erasure_undone' | 'erased' }
  | { kind: 'factor_added' | 'factor_removed' | 'recovery_codes_made' | 'recovery_code_used' }
  | { kind: 'unlock_factor'; link: string };

/** When, by which browser and from where something was done, in words. */
export type Circumstances = { readonly time: string; readonly browser: string; readonly place: string };

export type CodeMail =
  | 'sign_up_code'
  | 'known_address'
  | 'sign_in_code'
  | 'account_proof'
  | 'email_change_code'
  | 'second_factor_code';

export type MailKind = MailContent['kind'];

/** The names of what mails of these kinds are told. */
export type ValuesOf<K extends MailKind> = NamesIn<MailContent, K>;

type NamesIn<C, K> = C extends { kind: infer Kinds } ? (K extends Kinds ? Exclude<keyof C, 'kind'> : never) : never;

/** The content of a mail of this kind. @param value what it is told, by name */
export function contentOf(kind: MailKind, value: (name: ValuesOf<MailKind>) => string): MailContent {
  switch (kind) {
    case 'sign_up_code':
    case 'known_address':
    case 'sign_in_code':
    case 'account_proof':
    case 'email_change_code':
    case 'second_factor_code':
      return { kind, code: value('code') };
    case 'reset_password':
    case 'sign_in_link':
    case 'unlock_factor':
      return { kind, link: value('link') };
    case 'verify_email':
    case 'email_change_link':
      return { kind, link: value('link'), address: value('address') };
    case 'unblock':
      return { kind, link: value('link'), place: value('place') };
    case 'confirm_consent':
      return { kind, link: value('link'), what: value('what') };
    case 'no_account':
    case 'email_change_asked':
    case 'email_change_by_staff':
    case 'email_changed':
      return { kind, address: value('address') };
    case 'linked':
    case 'unlinked':
    case 'merged':
      return { kind, first: value('first'), second: value('second') };
    case 'passkey_added':
    case 'passkey_removed':
      return { kind, name: value('name') };
    case 'erasure_asked':
      return { kind, date: value('date'), link: value('link') };
    case 'new_device': {
      const [link, time, browser, place] = [value('link'), value('time'), value('browser'), value('place')];
      return { kind, link, time, browser, place };
    }
    default:
      return { kind };
  }
}

/** What the mail is told, by name. */
export function valuesOf(content: MailContent): Record<string, string> {
  const values = Object.entries(content).map(([name, value]) => [name, oneLine(value)] as const);
  return Object.fromEntries(values.filter(([name]) => name !== 'kind'));
}
