import { z } from 'zod';
import { firstSignIn, umbrella, umbrellaPatch } from '../../../contract/umbrella.ts';
import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { readOutgoingHosts, writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';
import { readTextProvider, writeTextProvider } from '../../base/text-provider.ts';
import {
  readBreachedPasswords,
  readErasureDays,
  readPasskeyPolicy,
  setPasskeyPolicy,
  setUmbrellaPolicy,
  umbrellaPolicy,
  writeBreachedPasswords,
  writeErasureDays,
} from '../../features/accounts/accounts.ts';
import { readAuditYears, writeAuditYears } from '../../features/audit/audit.ts';
import { hasVisits } from '../../features/customers/customers.ts';
import { readPauseDays, writePauseDays } from '../../features/questions/questions.ts';
import { factorIsRequired, requireFactor } from '../../features/staff/staff.ts';
import { readReach, writeReach } from '../login/login.ts';
import { logoutUrlsSetting } from '../oidc/oidc.ts';
import { demandScope } from './caller.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { refuseChanged } from './version.ts';

export const umbrellaRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/umbrella',
      summary: 'Read the settings of the umbrella',
      may: ['read:umbrella'],
      versioned: true,
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: umbrella,
    },
    async ({ base }) => read(base),
  ),
  route(
    {
      method: 'PATCH',
      path: '/umbrella',
      summary: 'Change the settings of the umbrella',
      may: ['update:umbrella'],
      versioned: true,
      audit: 'umbrella',
      apart: 'What it answers is read once its change counts in this process.',
      params: nothing,
      query: nothing,
      body: umbrellaPatch,
      status: 200,
      reply: umbrella,
    },
    async ({ base }, { body, caller, ifMatch, note }) => {
      note.onPaths(Object.keys(body));
      const { outgoing_hosts, allowed_logout_urls, mfa, passkey_user_verification, sms_provider, voice_provider } =
        body;
      const { erasure_days, breached_passwords, audit_years, staff_second_factor, code_reaches } = body;
      // It protects everybody of the staff, so it takes the right to change them.
      if (staff_second_factor) demandScope(caller, 'update:staff');
      await transact(base.db, async (tx) => {
        // Who changes any setting waits here for whoever came first.
        await base.settings.changed(tx);
        if (ifMatch !== undefined) refuseChanged(ifMatch, await read({ ...base, db: tx }));
        if (outgoing_hosts) await writeOutgoingHosts(tx, base.settings, outgoing_hosts);
        if (allowed_logout_urls) {
          await writeSetting(tx, logoutUrlsSetting, allowed_logout_urls);
          await base.settings.changed(tx);
        }
        if (mfa) await setUmbrellaPolicy(base, tx, mfa);
        if (passkey_user_verification) await setPasskeyPolicy(tx, base.settings, passkey_user_verification);
        if (sms_provider !== undefined) await writeTextProvider(base, tx, 'sms', sms_provider);
        if (voice_provider !== undefined) await writeTextProvider(base, tx, 'voice', voice_provider);
        if (erasure_days !== undefined) await writeErasureDays(tx, erasure_days);
        if (breached_passwords !== undefined) await writeBreachedPasswords(base, tx, breached_passwords);
        if (staff_second_factor) await requireFactor(tx, staff_second_factor === 'required');
        if (code_reaches) await writeReach(base, tx, code_reaches);
        if (body.question_pause_days !== undefined) await writePauseDays(base, tx, body.question_pause_days);
        if (audit_years !== undefined) await writeAuditYears(tx, audit_years);
        await note.write(tx);
      });
      await base.settings.refresh();
      return read(base);
    },
  ),
  route(
    {
      method: 'GET',
      path: '/first-sign-in',
      summary: 'Has any customer signed in at a brand yet?',
      may: ['read:users'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: firstSignIn,
    },
    async ({ base }, { caller }) => ({ signed_in: await hasVisits(base.db, caller.access.brands) }),
  ),
];

async function read(base: Pick<Base, 'db' | 'vault'>): Promise<z.infer<typeof umbrella>> {
  const logoutUrls = z.array(z.string()).safeParse(await readSetting(base.db, logoutUrlsSetting));
  return {
    outgoing_hosts: [...(await readOutgoingHosts(base.db))],
    allowed_logout_urls: logoutUrls.data ?? [],
    mfa: await umbrellaPolicy(base.db),
    passkey_user_verification: await readPasskeyPolicy(base.db),
    sms_provider: await provider(base, 'sms'),
    voice_provider: await provider(base, 'voice'),
    erasure_days: await readErasureDays(base.db),
    breached_passwords: await readBreachedPasswords(base.db),
    staff_second_factor: (await factorIsRequired(base.db)) ? 'required' : 'optional',
    code_reaches: await readReach(base.db),
    question_pause_days: await readPauseDays(base.db),
    audit_years: await readAuditYears(base.db),
  };
}

/** Its headers hold keys: only their names are shown. */
async function provider(base: Pick<Base, 'db' | 'vault'>, channel: 'sms' | 'voice') {
  const found = await readTextProvider(base, channel);
  return found ? { ...found, headers: Object.keys(found.headers) } : null;
}
