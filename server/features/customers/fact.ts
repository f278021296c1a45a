import type { FactSource } from '../../../contract/customers.ts';
import type { Json } from '../../base/json.ts';

/** What is to be learned: a value that was said, that it is withdrawn, or that one value is not for this customer. */
export type FactDraft = {
  /** A root attribute, or one level inside `user_metadata`, `app_metadata`, `brands.<slug>`. */
  path: string;
  source: FactSource;
  /** Which one: connection name, client id, rule id, page. */
  origin: string;
  /** 0 to 1; 1 when left out. */
  confidence?: number | undefined;
  at: Date;
} & ({ kind?: 'said' | undefined; value: Json } | { kind: 'withdrawn' } | { kind: 'excluded'; value: Json });

/** A stored fact. Rows are never changed, only closed by a newer one. */
export type Fact = {
  readonly id: string;
  readonly subject: string;
  readonly path: string;
  readonly kind: 'said' | 'withdrawn' | 'excluded';
  /** null when withdrawn */
  readonly value: Json;
  readonly source: FactSource;
  readonly origin: string;
  readonly confidence: number;
  readonly at: Date;
};

export type AddressKind = 'email' | 'phone';

/** How an address was proven to belong to a subject. */
export type ProofDraft = {
  kind: AddressKind;
  address: string;
  how: 'code' | 'link' | 'provider' | 'import' | 'umbrella';
  /** Connection or client that vouched, or the page. */
  origin: string;
  at: Date;
};

/** A stored proof; `address` is normalised. */
export type Proof = Readonly<ProofDraft> & { readonly subject: string };

/** Which kind of address, if any, stands at a path. */
export function addressKindAt(path: string): AddressKind | undefined {
  if (path === 'email') return 'email';
  return path === 'phone_number' ? 'phone' : undefined;
}
