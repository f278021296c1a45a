import type { Base } from '../server/base/base.ts';
import type { Db } from '../server/base/db.ts';
import {
  type Asked,
  type AtDoor,
  beginSignUp,
  completeSignUp,
  createAccount,
  redeemSignUp,
} from '../server/features/accounts/accounts.ts';
import { createBrand } from '../server/features/brands/brands.ts';
import { createCustomer } from '../server/features/customers/customers.ts';

/** People at the doors of one shop, for tests of accounts. */
export type Scene = {
  readonly base: Base;
  /** The circumstances of another caller: an IP address of its own each time. */
  caller(): Asked;
  /** The newest mail to this address: its kind, and the code or ticket in it. */
  mail(to: string): Promise<{ kind: string; secret: string; text: string }>;
  mailsTo(to: string): Promise<string[]>;
  /** Sessions that were ended, by customer id; `endSessions` is what surfaces hand in. */
  readonly ended: string[];
  endSessions(tx: Db, customer: string): Promise<void>;
  /** Signs up by hosted page: the address is proven by a code. */
  signUp(email: string, password: string): Promise<AtDoor>;
  /** An account that the umbrella made: not proven unless said. */
  account(email: string, password?: string, emailVerified?: boolean): Promise<AtDoor>;
  /** Somebody who came by a network that proves nothing, or this address. */
  network(provider: string, claims?: string): Promise<AtDoor>;
};

export const shop = 'shop';
let callers = 0;

export async function accountScene(base: Base): Promise<Scene> {
  const brand = await createBrand(base, { slug: 'lumiere', name: 'Lumière' });
  const ended: string[] = [];
  const scene: Scene = {
    base,
    ended,
    async endSessions(_tx, customer) {
      ended.push(customer);
    },
    caller() {
      callers += 1;
      return { brand, language: 'en', ip: `10.7.${callers >> 8}.${callers & 255}` };
    },
    async mail(to) {
      const row = await base.db
        .selectFrom('outbox')
        .selectAll()
        .where('recipient', '=', to)
        .orderBy('id', 'desc')
        .executeTakeFirstOrThrow();
      const secret = /ticket=([\w-]+)/.exec(row.body_text)?.[1] ?? /^ {4}(\d{6})$/m.exec(row.body_text)?.[1] ?? '';
      return { kind: row.kind, secret, text: row.body_text };
    },
    async mailsTo(to) {
      const rows = await base.db
        .selectFrom('outbox')
        .select('kind')
        .where('recipient', '=', to)
        .orderBy('id')
        .execute();
      return rows.map((row) => row.kind);
    },
    async signUp(email, password) {
      const asked = scene.caller();
      const flow = `flow-of-${email}`;
      const { code } = await beginSignUp(base, { connection: shop, email, password, flow, asked });
      const typed = (await scene.mail(email)).secret;
      const proof = await redeemSignUp(base, { code, typed, flow, asked, endSessions: scene.endSessions });
      if (proof.kind === 'known') return proof;
      return completeSignUp(base.db, { signUp: proof.signUp, flow, endSessions: scene.endSessions });
    },
    account(email, password, emailVerified = false) {
      return createAccount(base, base.db, {
        connection: shop,
        email,
        password,
        emailVerified,
        facts: [],
        origin: 'importer',
      });
    },
    network(provider, claims) {
      const at = new Date();
      const fact = { path: 'email', source: 'network', origin: provider, at } as const;
      return createCustomer(base.db, {
        provider,
        connection: provider,
        isSocial: true,
        facts: claims ? [{ ...fact, value: claims }] : [],
        proofs: [],
        at,
      });
    },
  };
  return scene;
}
