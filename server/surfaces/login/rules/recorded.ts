import { z } from 'zod';
import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import type { Language } from '../../../base/languages.ts';
import { toFactorKind } from '../../../features/accounts/accounts.ts';
import { type Brand, defaultBrand } from '../../../features/brands/brands.ts';
import { type Customer, readCookieHash, type TimelineEntry } from '../../../features/customers/customers.ts';
import type { Portal } from '../../../features/portals/portals.ts';
import { factorAt } from '../records.ts';
import { signalsFromJson } from '../signals.ts';
import type { Visit } from '../visit.ts';
import { exampleBrand, examplePortal } from './examples.ts';
import type { Kept } from './kept.ts';
import type { Occasion } from './occasion.ts';
import type { Wire } from './wire.ts';

/** A sign-in as it was recorded, without what whoever asks may not see: that is made up. */
export type Recorded = {
  readonly customer: Customer;
  readonly kept: Kept;
  /** Its row of the timeline; undefined: they never signed in. */
  readonly entry: TimelineEntry | undefined;
  readonly portal: Portal | undefined;
  readonly brand: Brand | undefined;
  readonly language: Language | undefined;
  /** Name of the connection. */
  readonly connection: string;
  /** May it be told which second factors they have? */
  readonly tellsFactors: boolean;
};

/** The sign-in as if it came anew: what was recorded does not tell whether it was by a session that was there. */
export async function occasionOf(base: Base, recorded: Recorded): Promise<Occasion> {
  const { customer, kept, entry, connection, tellsFactors } = recorded;
  const visit = await visitOf(base, recorded);
  const [factor, isSilent] = [await factorOf(base, recorded), entry?.name === 'signed_in_silently'];
  const logins = Math.max(1, customer.logins_count);
  const isFirst = logins === 1;
  return {
    visit,
    // It counts by now, and did not then.
    customer: { ...customer, logins_count: logins - 1 },
    subject: entry?.subject ?? kept.identities[0]?.identity.subject,
    amr: methods.safeParse(entry?.data.amr).data ?? ['pwd'],
    factor,
    ...(!tellsFactors && { hasFactor: false }),
    connection,
    anew: !isSilent,
    told: { facts: [] },
    signals: signalsFromJson(entry?.data ?? {}, { hasDevice: visit.device !== undefined, isFirst }),
    kept,
    logins,
  };
}

const methods = z.array(z.string());

async function factorOf({ db }: Base, { customer, entry, tellsFactors }: Recorded): Promise<Occasion['factor']> {
  if (!entry || !tellsFactors) return undefined;
  return toFactorKind(await factorAt(db, customer.id, entry.occurredAt));
}

async function visitOf(base: Base, { entry, portal = examplePortal(), ...recorded }: Recorded): Promise<Visit> {
  const brand = recorded.brand ?? exampleBrand(await defaultBrand(base));
  const at = entry?.occurredAt ?? now();
  const userAgent = entry?.userAgent ?? 'Mozilla/5.0';
  const device = entry?.device ?? undefined;
  const cookieHash = entry ? device && (await readCookieHash(base.db, device)) : Buffer.from('an example');
  const wire = wireOf(entry?.name, portal);
  return {
    ...{ portal, brand, at, userAgent, wire },
    language: recorded.language ?? brand.default_language,
    // Which one it was is not recorded.
    ...(wire.protocol !== 'oauth2-password' && { sessionFor: async () => 'a-session' }),
    ip: entry?.ip ?? '192.0.2.1',
    device: cookieHash ? { cookieHash, userAgent } : undefined,
    session: entry?.session ?? undefined,
    acrValues: [],
    silent: entry?.name === 'signed_in_silently',
  };
}

/** What portals hand over is not recorded: what they usually do. */
function wireOf(name: string | undefined, { client_id, settings }: Portal): Wire {
  const scope = 'openid profile email';
  if (name?.endsWith('_grant')) {
    const body = { grant_type: 'password', client_id, scope };
    return { protocol: 'oauth2-password', query: {}, body, asked: { scope } };
  }
  const [redirect_uri] = settings.callbacks;
  const query = { client_id, response_type: 'code', scope, state: 'a-state', ...(redirect_uri && { redirect_uri }) };
  return { protocol: 'oidc-basic-profile', query, body: {}, asked: query };
}
