import { sql } from 'kysely';
import type { Base } from '../../base/base.ts';
import { jobAt } from '../../base/jobs.ts';
import { certificateThumbprint } from './certificate.ts';
import { publishedMs } from './signing-keys.ts';

/** A key as it may be shown to whoever looks after the keys; nothing of it is secret. */
export type ShownKey = {
  readonly kid: string;
  readonly status: 'next' | 'current' | 'previous' | 'revoked';
  /** PEM. */
  readonly certificate: string;
  /** SHA-1 of the certificate, in base64url. */
  readonly x5t: string;
  readonly createdAt: Date;
  /** When it became what it is. */
  readonly changedAt: Date;
  /** When the next key is going to sign, where that is settled. */
  readonly signsAt: Date | undefined;
};

// A key that was revoked years ago explains nothing.
const mostRevoked = 20;

/** Every key: current, next, previous, then those that were revoked last. */
export async function allSigningKeys({ db }: Pick<Base, 'db'>): Promise<ShownKey[]> {
  const found = await sql<Row>`
    select kid, status, certificate, created_at, changed_at from (
      select *, row_number() over (partition by status order by changed_at desc) as place from signing_keys
    ) keys
    where status <> 'revoked' or place <= ${mostRevoked}
    order by array_position(array['current', 'next', 'previous', 'revoked'], status), changed_at desc`.execute(db);
  const waiting = await jobAt(db, 'promote_signing_key');
  // What waits may be about a key that was made to sign at once meanwhile.
  const signsAt = (createdAt: Date) =>
    waiting && waiting.getTime() === createdAt.getTime() + publishedMs ? waiting : undefined;
  return found.rows.map(({ kid, status, certificate, created_at, changed_at }) => ({
    kid,
    status,
    certificate: pem(certificate),
    x5t: certificateThumbprint(certificate),
    createdAt: created_at,
    changedAt: changed_at,
    signsAt: status === 'next' ? signsAt(created_at) : undefined,
  }));
}

type Row = {
  kid: string;
  status: ShownKey['status'];
  certificate: string;
  created_at: Date;
  changed_at: Date;
};

function pem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
