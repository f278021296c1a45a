import { type UserVerification, userVerification } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { readSetting, type Settings, writeSetting } from '../../base/settings.ts';

const name = 'passkey_user_verification';

/** What the umbrella asks of authenticators; `preferred` unless it was set. */
export function passkeyPolicy({ db, settings }: Pick<Base, 'db' | 'settings'>): Promise<UserVerification> {
  return settings.remember(name, () => readPasskeyPolicy(db));
}

/** The same as it is stored now. */
export async function readPasskeyPolicy(db: Db): Promise<UserVerification> {
  return userVerification.safeParse(await readSetting(db, name)).data ?? 'preferred';
}

/** Sets it, for passkeys that are made or used from now on. */
export async function setPasskeyPolicy(tx: Db, settings: Settings, policy: UserVerification): Promise<void> {
  await writeSetting(tx, name, policy);
  await settings.changed(tx);
}
