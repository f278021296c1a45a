import { type MfaPolicy, mfaPolicy } from '../../../../contract/second-factors.ts';
import type { Base } from '../../../base/base.ts';
import type { Db } from '../../../base/db.ts';
import { readSetting, writeSetting } from '../../../base/settings.ts';

const setting = 'mfa';

/** What the umbrella says where neither portal nor brand does; nobody must have a second factor when it says nothing. */
export async function umbrellaPolicy(db: Db): Promise<MfaPolicy> {
  return mfaPolicy.catch('never').parse(await readSetting(db, setting));
}

/** Changes it. */
export async function setUmbrellaPolicy(base: Pick<Base, 'settings'>, tx: Db, policy: MfaPolicy): Promise<void> {
  await writeSetting(tx, setting, policy);
  await base.settings.changed(tx);
}

/** Who is asked for a second factor at this door: the portal's word beats the brand's, the brand's the umbrella's. */
export async function policyAt(
  base: Pick<Base, 'db' | 'settings'>,
  door: { portal: MfaPolicy | null; brand: MfaPolicy | null },
): Promise<MfaPolicy> {
  return door.portal ?? door.brand ?? base.settings.remember('mfa', () => umbrellaPolicy(base.db));
}
