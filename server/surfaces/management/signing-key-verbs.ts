import type { Db } from '../../base/db.ts';

/** A key that signs tokens, as the protocol surface tells of it. */
export type Key = {
  readonly kid: string;
  readonly status: 'next' | 'current' | 'previous' | 'revoked';
  /** PEM. */
  readonly certificate: string;
  /** SHA-1 of the certificate, in base64url. */
  readonly x5t: string;
  readonly changedAt: Date;
  /** When the next key is going to sign, where that is settled. */
  readonly signsAt: Date | undefined;
};

/** The verbs on the keys that sign; handed in by the server. Each joins the transaction that it is given. */
export type SigningKeyVerbs = {
  list(db: Db): Promise<readonly Key[]>;
  rotate(db: Db, options: { now: boolean }): Promise<Date>;
  revoke(db: Db, kid: string): Promise<boolean>;
};
