import { Readable } from 'node:stream';
import { browserName } from '../../../contract/browser-names.ts';
import { transact } from '../../base/db.ts';
import { writeJson } from '../../base/json-stream.ts';
import { noteDownload } from '../../features/accounts/accounts.ts';
import { type CurrentConsent, currentConsents } from '../../features/consents/consents.ts';
import { devicesOf, exportAll, proofsOf, visitsOf } from '../../features/customers/customers.ts';
import { askedBy } from '../login/login.ts';
import { sessionsOf } from '../oidc/oidc.ts';
import { type AccountPage, showAccount } from './account-page.ts';
import { brandNames } from './brand-names.ts';
import { knownRows } from './known-page.ts';
import { purposeKeys } from './purposes.ts';
import { topicInWords } from './topic-words.ts';
import { dayIn } from './words.ts';

// So much of each kind is shown; the file has it all.
const most = 100;

const answers: Readonly<Record<CurrentConsent['state'], string>> = {
  given: 'data.yes',
  withdrawn: 'data.no',
  pending: 'data.pending',
  under_age: 'data.no',
};

/** Everything that is known of the customer: to be read here, and as a file to take along. */
export const dataPage: AccountPage = {
  path: '/data',
  entry: { name: 'data.title', hint: 'data.hint' },
  fresh: true,
  async show(at, again) {
    const { base, owner } = at;
    const { id } = owner.customer;
    const day = (date: Date) => dayIn(at, date);
    const browser = (userAgent: string) => browserName(userAgent) ?? at.say('devices.unknown');
    const brands = await brandNames(base);
    const proofs = await proofsOf(base.db, id);
    const consents = await currentConsents(base.db, id);
    const [facts, visits, devices, sessions] = [
      await knownRows(at),
      await visitsOf(base.db, id),
      await devicesOf(base.db, id),
      await sessionsOf(base.db, id),
    ];
    const beyond = (rows: readonly unknown[]) => Math.max(0, rows.length - most);
    const model = {
      more: {
        facts: beyond(facts),
        addresses: beyond(proofs),
        visits: beyond(visits),
        devices: beyond(devices),
        consents: beyond(consents),
      },
      facts: facts.slice(0, most),
      addresses: proofs.slice(0, most).map(({ address, at }) => ({ address, date: day(at) })),
      visits: visits.slice(0, most).map(({ brand, firstAt, lastAt, count }) => ({
        brand: brands.get(brand) ?? at.say('data.a_brand'),
        first: day(firstAt),
        last: day(lastAt),
        count,
      })),
      devices: devices.slice(0, most).map(({ userAgent, firstSeen, lastSeen }) => ({
        name: browser(userAgent),
        first: day(firstSeen),
        last: day(lastSeen),
      })),
      sessions: sessions.slice(0, most).map(({ userAgent, ip, seenAt }) => ({
        name: browser(userAgent),
        ip,
        last: day(seenAt),
      })),
      consents: await Promise.all(
        consents.slice(0, most).map(async ({ brand, purpose, topic, wording, state, at: said }) => ({
          text: at.say(purposeKeys[purpose]) + (await topicInWords(at, { purpose, topic, wording })),
          brand: brand === null ? undefined : brands.get(brand),
          answer: at.say(answers[state]),
          date: day(said),
        })),
      ),
    };
    return showAccount(at, 'data', model, again);
  },
  acts: {
    /** Streams the file: a page of rows in memory at most, however long the history. */
    async download(at) {
      const { base, owner, reply, exports } = at;
      const { customer, subject } = owner;
      await transact(base.db, (tx) =>
        noteDownload(base, tx, { customer: customer.id, subject, asked: askedBy(at.visit) }),
      );
      const name = `regulars-${at.visit.at.toISOString().slice(0, 10)}.json`;
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(writeJson(exportAll(base.db, customer.id, exports))));
    },
  },
};
