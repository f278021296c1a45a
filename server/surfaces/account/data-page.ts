import { Readable } from 'node:stream';
import type { ConsentPurpose } from '../../../contract/consents.ts';
import { transact } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import { writeJson } from '../../base/json-stream.ts';
import { noteDownload } from '../../features/accounts/accounts.ts';
import { currentConsents } from '../../features/consents/consents.ts';
import {
  devicesOf,
  type Explained,
  explain,
  exportAll,
  type FactSource,
  listAttributes,
  proofsOf,
  visitsOf,
} from '../../features/customers/customers.ts';
import { askedBy } from '../login/login.ts';
import { sessionsOf } from '../oidc/oidc.ts';
import { type AccountPage, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { brandNames } from './brand-names.ts';

// So much of each kind is shown; the file has it all.
const most = 100;

const purposes: Readonly<Record<ConsentPurpose, string>> = {
  terms: 'data.purpose_terms',
  profiling: 'data.purpose_profiling',
  enrichment: 'data.purpose_enrichment',
  email: 'data.purpose_email',
  sms: 'data.purpose_sms',
  referral: 'data.purpose_referral',
};
const sources: Readonly<Record<FactSource, string>> = {
  customer: 'data.source_customer',
  umbrella: 'data.source_umbrella',
  network: 'data.source_network',
  rule: 'data.source_rule',
  inferred: 'data.source_inferred',
};

/** Everything that is known of the customer: to be read here, and as a file to take along. */
export const dataPage: AccountPage = {
  path: '/data',
  entry: { name: 'data.title', hint: 'data.hint' },
  fresh: true,
  async show(at, again) {
    const { base, owner } = at;
    const { id } = owner.customer;
    const day = new Intl.DateTimeFormat(at.language, { dateStyle: 'long', timeZone: 'UTC' });
    const brands = await brandNames(base);
    const proofs = await proofsOf(base.db, id);
    const consents = await currentConsents(base.db, id);
    const model = {
      facts: await factsOf(at, day),
      addresses: proofs.slice(0, most).map(({ address, at }) => ({ address, date: day.format(at) })),
      visits: (await visitsOf(base.db, id)).slice(0, most).map(({ brand, firstAt, lastAt, count }) => ({
        brand: brands.get(brand) ?? at.say('data.a_brand'),
        first: day.format(firstAt),
        last: day.format(lastAt),
        count,
      })),
      devices: (await devicesOf(base.db, id)).slice(0, most).map(({ userAgent, firstSeen, lastSeen }) => ({
        name: userAgent,
        first: day.format(firstSeen),
        last: day.format(lastSeen),
      })),
      sessions: (await sessionsOf(base.db, id)).slice(0, most).map(({ userAgent, ip, seenAt }) => ({
        name: userAgent,
        ip,
        last: day.format(seenAt),
      })),
      consents: consents.slice(0, most).map(({ brand, purpose, topic, given, at: said }) => ({
        text: at.say(purposes[purpose]),
        topic,
        brand: brand === null ? undefined : brands.get(brand),
        answer: at.say(given ? 'data.yes' : 'data.no'),
        date: day.format(said),
      })),
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

/** What holds now, in the words of the catalogue, with who said it and when. */
async function factsOf(at: AccountVisit, day: Intl.DateTimeFormat) {
  const { base, owner, language } = at;
  const labels = new Map((await listAttributes(base.db)).map(({ path, labels }) => [path, labels[language]]));
  const known = (await explain(base.db, owner.customer.id)).filter(({ kind, wins }) => kind === 'said' && wins);
  return known.slice(0, most).map((fact) => ({
    label: labels.get(fact.path) ?? fact.path,
    value: inWords(at, fact.value),
    source: sourceOf(at, fact),
    date: day.format(fact.at),
  }));
}

function sourceOf({ say }: AccountVisit, { source, origin }: Explained): string {
  return say(sources[source], { origin });
}

function inWords({ say }: AccountVisit, value: Json): string {
  if (typeof value === 'boolean') return say(value ? 'data.yes' : 'data.no');
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 1000);
}
