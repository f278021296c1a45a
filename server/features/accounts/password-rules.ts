import { passwordLength } from '../../../contract/accounts.ts';
import type { Base } from '../../base/base.ts';
import { connectionByName, isStore } from '../connections/connections.ts';

/** What a password connection asks of a new password. */
export type PasswordRules = {
  /** Characters. */
  readonly least: number;
  /** Of zxcvbn's five; 0: whatever it is. */
  readonly score: number;
  readonly refusesPersonal: boolean;
  readonly refusesCommon: boolean;
  /** Words that are refused, in lower case. */
  readonly words: readonly string[];
  /** How many of the latest, the present one among them, may not be used again. */
  readonly remembered: number;
};

// Auth0's names for what is asked. It counts kinds of characters; how hard a password is to guess says more.
const scores = { none: 0, low: 0, fair: 2, good: 3, excellent: 4 } as const;

/** The rules of this connection; the least there are, should it be gone. */
export async function rulesOf(base: Pick<Base, 'db' | 'settings'>, name: string): Promise<PasswordRules> {
  const connection = await connectionByName(base, name);
  if (!connection || !isStore(connection)) {
    return {
      least: passwordLength.least,
      score: 0,
      refusesPersonal: false,
      refusesCommon: false,
      words: [],
      remembered: 0,
    };
  }
  const {
    passwordPolicy,
    password_complexity_options,
    password_no_personal_info,
    password_dictionary,
    password_history,
  } = connection.options;
  return {
    least: Math.max(passwordLength.least, password_complexity_options?.min_length ?? 0),
    score: scores[passwordPolicy ?? 'none'],
    refusesPersonal: password_no_personal_info?.enable ?? false,
    refusesCommon: password_dictionary?.enable ?? false,
    words: password_dictionary?.enable ? password_dictionary.dictionary.map((word) => word.toLowerCase()) : [],
    remembered: password_history?.enable ? password_history.size : 0,
  };
}
