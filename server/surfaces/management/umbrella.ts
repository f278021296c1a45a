import { z } from 'zod';
import { umbrella, umbrellaPatch } from '../../../contract/umbrella.ts';
import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { readOutgoingHosts, writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';
import { setUmbrellaPolicy, umbrellaPolicy } from '../../features/accounts/accounts.ts';
import { logoutUrlsSetting } from '../oidc/oidc.ts';
import { noBody, nothing, type Route, route } from './route.ts';

export const umbrellaRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/umbrella',
      summary: 'Read the settings of the umbrella',
      may: ['read:umbrella'],
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
      params: nothing,
      query: nothing,
      body: umbrellaPatch,
      status: 200,
      reply: umbrella,
    },
    async ({ base }, { body: { outgoing_hosts, allowed_logout_urls, mfa } }) => {
      await transact(base.db, async (tx) => {
        if (outgoing_hosts) await writeOutgoingHosts(tx, base.settings, outgoing_hosts);
        if (allowed_logout_urls) {
          await writeSetting(tx, logoutUrlsSetting, allowed_logout_urls);
          await base.settings.changed(tx);
        }
        if (mfa) await setUmbrellaPolicy(base, tx, mfa);
      });
      return read(base);
    },
  ),
];

async function read({ db }: Pick<Base, 'db'>): Promise<z.infer<typeof umbrella>> {
  const logoutUrls = z.array(z.string()).safeParse(await readSetting(db, logoutUrlsSetting));
  return {
    outgoing_hosts: [...(await readOutgoingHosts(db))],
    allowed_logout_urls: logoutUrls.data ?? [],
    mfa: await umbrellaPolicy(db),
  };
}
