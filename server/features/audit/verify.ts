import type { Db } from '../../base/db.ts';
import { hashOfChanges, macOf } from './entry.ts';
import { chainOf, hashOfSeal } from './seal.ts';
import { type FoundRow, readChain, readLooseRows, readSealedRows, readSeals, type Seal } from './store.ts';

/** Where the log is not as it was written. */
export type Break = {
  readonly what: 'row_changed' | 'values_changed' | 'values_missing' | 'rows_missing' | 'row_added' | 'chain_cut';
  /** Id of the row. */
  readonly entry?: string;
  /** Number of the seal. */
  readonly seal?: string;
};

export type Verified = {
  readonly ok: boolean;
  /** Rows of the chain that were looked at. */
  readonly rows: number;
  /** Newer ones that are in no seal yet. */
  readonly unsealed: number;
  /** The newest seal; note it elsewhere, and a log that was put back to an older state shows. */
  readonly head: { readonly number: string; readonly hash: string } | null;
  /** At most 100. */
  readonly breaks: readonly Break[];
};

const page = 1000;
const mostBreaks = 100;

/** Those of these customers (internal ids) that were not erased: their values must be there. */
type Living = (customers: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Goes through the whole log: is each row as it was written, is none missing, added or moved? It is looked at as it is
 * at one moment, for it grows while somebody looks.
 */
export function verifyAudit(db: Db, living: Living): Promise<Verified> {
  const moment = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return moment.execute((tx) => verifyNow(tx, living));
}

async function verifyNow(db: Db, living: Living): Promise<Verified> {
  const breaks: Break[] = [];
  const tell = (one: Break) => {
    if (breaks.length < mostBreaks) breaks.push(one);
  };
  const chain = await readChain(db);
  let rows = 0;
  const sealed = pagesOf(async (last: FoundRow | undefined) => {
    const found = await readSealedRows(db, last && { seal: last.seal ?? '', id: last.id }, page);
    await checkRows(db, found, living, tell);
    return found;
  });
  const next = peekable(sealed);
  let before = { number: chain?.first_number ?? '0', hash: chain?.first_hash ?? Buffer.alloc(32) };
  for await (const seal of pagesOf((last: Seal | undefined) => readSeals(db, last?.number ?? '0', page))) {
    if (BigInt(seal.number) !== BigInt(before.number) + 1n) tell({ what: 'chain_cut', seal: seal.number });
    const own: FoundRow[] = [];
    for (let row = await next.peek(); row && BigInt(row.seal ?? 0) <= BigInt(seal.number); row = await next.peek()) {
      if (row.seal === seal.number) own.push(row);
      else tell({ what: 'row_added', entry: row.id });
      await next.take();
    }
    rows += own.length;
    const hash = hashOfSeal(db, seal, before.hash, own);
    if (own.length < seal.rows) tell({ what: 'rows_missing', seal: seal.number });
    else if (!hash.equals(seal.hash)) tell({ what: 'chain_cut', seal: seal.number });
    before = { number: seal.number, hash: seal.hash };
  }
  for (let row = await next.take(); row; row = await next.take()) tell({ what: 'row_added', entry: row.id });
  let unsealed = 0;
  for await (const _ of pagesOf(async (last: FoundRow | undefined) => {
    const found = await readLooseRows(db, last?.id, page);
    await checkRows(db, found, living, tell);
    return found;
  })) {
    unsealed += 1;
  }
  if (chain) {
    const ends = chainOf(db, { number: chain.first_number, hash: chain.first_hash }, before);
    if (!ends.mac.equals(chain.mac)) tell({ what: 'chain_cut', seal: before.number });
  } else tell({ what: 'chain_cut', seal: before.number });
  const head = before.number !== '0' ? { number: before.number, hash: before.hash.toString('hex') } : null;
  return { ok: breaks.length === 0, rows, unsealed, head, breaks };
}

async function checkRows(db: Db, rows: readonly FoundRow[], living: Living, tell: (one: Break) => void): Promise<void> {
  const without = rows.filter(({ values_hash, changes }) => values_hash !== null && changes === null);
  const customers = without.flatMap(({ customer }) => (customer === null ? [] : [customer]));
  const there = customers.length > 0 ? await living(customers) : new Set<string>();
  for (const row of rows) {
    const { id, values_hash, salt, changes, customer } = row;
    if (!macOf(db, row).equals(row.mac)) tell({ what: 'row_changed', entry: id });
    if (changes !== null && (!values_hash || !hashOfChanges(salt ?? Buffer.alloc(0), changes).equals(values_hash))) {
      tell({ what: 'values_changed', entry: id });
    }
    const isGone = values_hash !== null && changes === null;
    if (isGone && customer !== null && there.has(customer)) tell({ what: 'values_missing', entry: id });
  }
}

/** Rows one after the other, a page of them in memory. */
async function* pagesOf<Row>(read: (last: Row | undefined) => Promise<Row[]>): AsyncGenerator<Row, void, undefined> {
  for (let last: Row | undefined; ; ) {
    const found = await read(last);
    yield* found;
    last = found.at(-1);
    if (found.length < page) return;
  }
}

function peekable<Row>(rows: AsyncGenerator<Row, void, undefined>) {
  let waiting: Row | undefined;
  async function peek(): Promise<Row | undefined> {
    waiting ??= (await rows.next()).value ?? undefined;
    return waiting;
  }
  async function take(): Promise<Row | undefined> {
    const row = await peek();
    waiting = undefined;
    return row;
  }
  return { peek, take };
}
