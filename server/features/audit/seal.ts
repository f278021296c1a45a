import type { Base } from '../../base/base.ts';
import { type Db, transact } from '../../base/db.ts';
import { keyedHash, openKey } from './key.ts';
import {
  type Chain,
  insertChain,
  insertSeal,
  lockChain,
  readChain,
  readUnsealed,
  type Seal,
  writeChain,
} from './store.ts';

const most = 2000;
const beginning = Buffer.alloc(32);

/** Opens the log: its key and, the first time, its chain. Before that nothing can be written or verified. */
export function openAuditKey(base: Pick<Base, 'db' | 'vault'>): Promise<void> {
  const none = { number: '0', hash: beginning };
  return openKey(base, (tx) => insertChain(tx, chainOf(tx, none, none)));
}

/**
 * Takes the rows that are there and in no seal yet into the chain, in seals of at most 2,000. One process does it at a
 * time, others find nothing to do. A row whose transaction commits later comes into a later seal: none is skipped.
 *
 * @returns how many rows were sealed
 * @throws Error when the chain was taken away: one that began anew would hide which rows went with it
 */
export async function sealAudit(db: Db): Promise<number> {
  for (let total = 0; ; ) {
    const count = await sealOnce(db);
    total += count;
    if (count < most) return total;
  }
}

async function sealOnce(db: Db): Promise<number> {
  // Looked at first, so that most of the time nothing is locked.
  if ((await readUnsealed(db, 1)).length === 0) return 0;
  return transact(db, async (tx) => {
    const chain = await lockChain(tx);
    if (!chain && !(await readChain(tx))) throw new Error('The chain of the audit log is gone: verify it.');
    const rows = chain ? await readUnsealed(tx, most) : [];
    if (!chain || rows.length === 0) return 0;
    const number = String(BigInt(chain.last_number) + 1n);
    const newest_at = new Date(Math.max(...rows.map(({ at }) => at.getTime())));
    const seal = { number, rows: rows.length, newest_at };
    const hash = hashOfSeal(tx, seal, chain.last_hash, rows);
    await insertSeal(
      tx,
      { ...seal, hash },
      rows.map(({ id }) => id),
    );
    await writeChain(tx, chainOf(tx, { number: chain.first_number, hash: chain.first_hash }, { number, hash }));
    return rows.length;
  });
}

/** Over the seal before it and its rows in their order. */
export function hashOfSeal(
  db: Db,
  { number, newest_at }: Pick<Seal, 'number' | 'newest_at'>,
  before: Buffer,
  rows: readonly { mac: Buffer }[],
): Buffer {
  const macs = rows.map(({ mac }) => mac.toString('hex'));
  return keyedHash(db, 'seal', [number, newest_at.toISOString(), before.toString('hex'), ...macs]);
}

type End = { readonly number: string; readonly hash: Buffer };

/** The two ends of the chain, such that nobody else can move them. `first` is the last seal that is gone. */
export function chainOf(db: Db, first: End, last: End): Chain {
  const values = [first.number, first.hash.toString('hex'), last.number, last.hash.toString('hex')];
  return {
    id: 1,
    first_number: first.number,
    first_hash: first.hash,
    last_number: last.number,
    last_hash: last.hash,
    mac: keyedHash(db, 'chain', values),
  };
}
