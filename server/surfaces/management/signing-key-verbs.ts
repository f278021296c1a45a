/** A key that signs tokens, as the protocol surface tells of it. */
export type Key = {
  readonly kid: string;
  readonly status: 'next' | 'current' | 'previous' | 'revoked';
  /** PEM. */
  readonly certificate: string;
  readonly changedAt: Date;
  /** When the next key is going to sign, where that is settled. */
  readonly signsAt: Date | undefined;
};

/** The verbs on the keys that sign; handed in by the server. */
export type SigningKeyVerbs = {
  list(): Promise<readonly Key[]>;
  rotate(options: { now: boolean }): Promise<Date>;
  revoke(kid: string): Promise<boolean>;
};
