import { createHash } from 'node:crypto';
import type { Method } from '../../../contract/authentication-methods.ts';
import type { Db } from '../../base/db.ts';
import { type Factor, factorsOf, type WayIn, waysIn } from '../../features/accounts/accounts.ts';
import { type Customer, type Identity, identitiesOf, proofsOf } from '../../features/customers/customers.ts';
import { type Sight, sees } from './sight.ts';

// Auth0's names are short; customers' own need not be.
const longestName = 20;

const factorTypes = {
  totp: 'totp',
  phone: 'phone',
  email: 'email',
  recovery_codes: 'recovery-code',
} as const satisfies Record<Factor['kind'], Method['type']>;

/**
 * Everything that a customer signs in with, and every second factor, the oldest first. An address that is hidden from
 * the caller is left out of its factor; where the address is all there is, the whole method is.
 */
export async function methodsOf(db: Db, { id }: Customer, sight: Sight): Promise<Method[]> {
  const identities = await identitiesOf(db, id);
  const ways = (await waysIn(db, id)).flatMap((way) => showWay(way, identities));
  const factors = (await factorsOf(db, id)).map((factor) => showFactor(factor, sight));
  const proofs = (await proofsOf(db, id)).filter(({ kind }) => kind === 'email' && sees(sight, 'email'));
  const addresses = new Map(proofs.toReversed().map(({ address, at }) => [address, at]));
  const codes = [...addresses].map(
    ([address, at]): Method => ({
      id: idOf('email-verification', createHash('sha256').update(`${id} ${address}`).digest('hex')),
      type: 'email-verification',
      confirmed: true,
      email: address,
      created_at: at.toISOString(),
    }),
  );
  return [...ways, ...factors, ...codes].sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
}

/** A second factor as it is listed. */
export function showFactor(factor: Factor, sight: Sight): Method {
  const { id, kind, name, createdAt, lastUsedAt } = factor;
  const type = factorTypes[kind];
  const created_at = createdAt.toISOString();
  return {
    id: idOf(type, id),
    type,
    confirmed: true,
    ...(name !== null && { name: [...name].slice(0, longestName).join('') }),
    ...(kind === 'phone' && sees(sight, 'phone_number') && { phone_number: factor.phone }),
    ...(kind === 'phone' && { preferred_authentication_method: 'sms' }),
    ...(kind === 'email' && sees(sight, 'email') && { email: factor.address }),
    ...((kind === 'phone' || kind === 'totp') && { authentication_methods: channelsOf(kind, id) }),
    created_at,
    enrolled_at: created_at,
    ...(lastUsedAt && { last_auth_at: lastUsedAt.toISOString() }),
  };
}

/** Which row, and what it is said to be; undefined for what is none of our ids. */
export function readMethodId(shown: string): { type: string; id: string } | undefined {
  const [, type, hex] = /^([a-z-]{4,20})\|dev_([0-9a-f]{32})$/.exec(shown) ?? [];
  if (!type || !hex) return undefined;
  return { type, id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}

function showWay(way: WayIn, identities: readonly Identity[]): Method[] {
  if (way.kind !== 'password' && way.kind !== 'passkey') return [];
  const { id, kind, subject, provedAt, lastUsedAt, createdAt } = way;
  const identity = identities.find((one) => one.subject === subject);
  return [
    {
      id: idOf(kind, id),
      type: kind,
      confirmed: provedAt !== null,
      ...(kind === 'passkey' && showPasskey(way)),
      ...(identity && { identity_user_id: identity.user_id }),
      created_at: createdAt.toISOString(),
      ...(lastUsedAt && { last_auth_at: lastUsedAt.toISOString() }),
    },
  ];
}

function showPasskey({ name, isSynced }: Extract<WayIn, { kind: 'passkey' }>) {
  const device = isSynced ? ('multi_device' as const) : ('single_device' as const);
  return {
    name: [...name].slice(0, longestName).join(''),
    credential_device_type: device,
    credential_backed_up: isSynced,
  };
}

function channelsOf(kind: 'phone' | 'totp', id: string) {
  const channels = kind === 'totp' ? ['totp'] : ['sms', 'voice'];
  return channels.map((type) => ({ type, id: idOf(type, id) }));
}

/** An id in Auth0's form: what it is, and which. */
function idOf(type: string, id: string): string {
  return `${type}|dev_${id.replaceAll('-', '').slice(0, 32)}`;
}
