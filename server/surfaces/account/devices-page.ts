import { browserName } from '../../../contract/browser-names.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { placeInWords } from '../../base/geo.ts';
import { forgetDevice, rememberedDevices, timelineNames } from '../../features/accounts/accounts.ts';
import { appendTimeline, devicesOf } from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import { textField } from '../login/login.ts';
import { endLasting, endSession, lastingGrantsOf, sessionsOf } from '../oidc/oidc.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { momentIn } from './words.ts';

/** Where one is signed in, and by which devices one came before. */
export const devicesPage: AccountPage = {
  path: '/devices',
  entry: { name: 'devices.title', hint: 'devices.hint' },
  fresh: false,
  async show(at, again) {
    const { db } = at.base;
    const { id } = at.owner.customer;
    const sessions = (await sessionsOf(db, id)).map((one) => toRow(at, one));
    const lasting = await Promise.all((await lastingGrantsOf(db, id)).map((one) => toLastingRow(at, one)));
    const remembered = await rememberedDevices(db, id);
    const model = {
      // The one that is looked at stands first.
      sessions: [...sessions.filter(({ here }) => here), ...sessions.filter(({ here }) => !here)],
      lasting,
      has_others: sessions.length + lasting.length > 1,
      devices: (await devicesOf(db, id)).slice(0, mostDevices).map(({ device, userAgent, firstSeen, lastSeen }) => ({
        mark: markOf(at, device),
        remembered: remembered.has(device),
        name: nameOf(at, userAgent),
        detail: at.say('devices.known_since', { first: momentIn(at, firstSeen), last: momentIn(at, lastSeen) }),
      })),
    };
    return showAccount(at, 'devices', model, again);
  },
  acts: {
    async 'end-session'(at, form) {
      const { db } = at.base;
      const { id } = at.owner.customer;
      const mark = textField(form, 'session', 100);
      // Looked up among the customer's own: the mark of somebody else's session is nothing here.
      const session = (await sessionsOf(db, id)).find(({ uid }) => markOf(at, uid) === mark);
      const lasting = session ? undefined : (await lastingGrantsOf(db, id)).find(({ key }) => markOf(at, key) === mark);
      if (!session && !lasting) throw new Problem('not_found', undefined, { text: 'problem.session_gone' });
      await transact(db, async (tx) => {
        if (session) await endSession(tx, { uid: session.uid });
        else if (lasting) await endLasting(tx, id, lasting.key);
        await note(tx, at, 'session_ended');
      });
      const what = session ? nameOf(at, session.userAgent) : await portalsIn(at, lasting?.portals ?? []);
      return goToAccount(at, '/devices', { done: 'session_ended', what });
    },
    async 'forget-device'(at, form) {
      const { db } = at.base;
      const { id } = at.owner.customer;
      const mark = textField(form, 'device', 100);
      const known = (await devicesOf(db, id)).find(({ device }) => markOf(at, device) === mark);
      if (!known) throw new Problem('not_found', undefined, { text: 'problem.device_gone' });
      await transact(db, async (tx) => {
        await forgetDevice(tx, id, known.device);
        await note(tx, at, 'device_forgotten');
      });
      return goToAccount(at, '/devices', { done: 'device_forgotten', what: nameOf(at, known.userAgent) });
    },
    async 'end-others'(at) {
      await transact(at.base.db, async (tx) => {
        await at.endOthers(tx, at.owner.customer.id);
        await note(tx, at, 'session_ended');
      });
      return goToAccount(at, '/devices', { done: 'others_ended' });
    },
  },
};

const mostDevices = 20;

function toRow(at: AccountVisit, session: Awaited<ReturnType<typeof sessionsOf>>[number]) {
  const { uid, userAgent, ip, createdAt, seenAt } = session;
  const place = ip === null ? undefined : at.base.geo.placeOf(ip);
  return {
    mark: markOf(at, uid),
    here: uid === at.session.uid,
    name: nameOf(at, userAgent),
    place: place && ip !== null ? `${placeInWords(place, at.language)} (${ip})` : ip,
    seen: at.say('devices.seen', { seen: momentIn(at, seenAt), since: momentIn(at, createdAt) }),
  };
}

async function toLastingRow(at: AccountVisit, { key, portals, since, lastUsed }: Lasting) {
  return {
    mark: markOf(at, key),
    name: await portalsIn(at, portals),
    seen: at.say('devices.seen', { seen: momentIn(at, lastUsed), since: momentIn(at, since) }),
  };
}

type Lasting = Awaited<ReturnType<typeof lastingGrantsOf>>[number];

async function portalsIn({ base }: AccountVisit, clientIds: readonly string[]): Promise<string> {
  const names = await Promise.all(clientIds.map(async (id) => (await portal(base, id))?.name ?? id));
  return names.join(', ');
}

/** Ids of sessions stay here; a page shows what only this session's pages understand. */
function markOf({ base, session }: AccountVisit, id: string): string {
  return base.vault.keyedHash(`account-session ${session.uid}`, id).toString('base64url');
}

function nameOf({ say }: AccountVisit, userAgent: string): string {
  return browserName(userAgent) ?? say('devices.unknown');
}

async function note(tx: Db, { visit, owner }: AccountVisit, name: 'session_ended' | 'device_forgotten'): Promise<void> {
  const { brand, portal: account, ip, userAgent, at: occurredAt } = visit;
  const row = { name, class: timelineNames[name].class, source: 'account', data: { by: 'customer' } } as const;
  await appendTimeline(tx, [
    { ...row, subject: owner.subject, brand: brand.id, portal: account.client_id, ip, userAgent, occurredAt },
  ]);
}
