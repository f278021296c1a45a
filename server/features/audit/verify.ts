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
// Behind every row of a seal.
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Those of these customers (internal ids) that were not erased: their values must be there. */
type Living = (customers: readonly string[]) => Promise<ReadonlySet<string>>;

/** Where a look at the chain goes on: behind this seal. */
export type VerifiedTo = { readonly number: string; readonly hash: string };

/** What was found in a part of the log; `next`: where the rest begins, none where the log ends. */
export type VerifiedPart = Verified & { readonly next: VerifiedTo | undefined };

/**
 * Goes through the whole log: is each row as it was written, is none missing, added or moved? It is looked at as it is
 * at one moment, for it grows while somebody looks.
 */
export function verifyAudit(db: Db, living: Living): Promise<Verified> {
  return verifyAuditPart(db, living, { most: Number.POSITIVE_INFINITY });
}

/**
 * Goes through a part of the log, at one moment: whole seals, until this many rows and seals were looked at. Its end, and
 * what is in no seal yet, belong to the last part; what is sealed meanwhile, too.
 */
export function verifyAuditPart(
  db: Db,
  living: Living,
  part: { readonly from?: VerifiedTo | undefined; readonly most: number },
): Promise<VerifiedPart> {
  const moment = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return moment.execute((tx) => verifyNow(tx, living, part));
}

async function verifyNow(
  db: Db,
  living: Living,
  { from, most }: { from?: VerifiedTo | undefined; most: number },
): Promise<VerifiedPart> {
  const breaks: Break[] = [];
  const tell = (one: Break) => {
    if (breaks.length < mostBreaks) breaks.push(one);
  };
  const chain = await readChain(db);
  const first = { number: chain?.first_number ?? '0', hash: chain?.first_hash ?? Buffer.alloc(32) };
  // What was looked at may be so old that it is gone since.
  const isThere = from !== undefined && BigInt(from.number) > BigInt(first.number);
  let before = isThere ? { number: from.number, hash: Buffer.from(from.hash, 'hex') } : first;
  const behind = from && { seal: before.number, id: lastId };
  const next = peekable(
    pagesOf((last: FoundRow | undefined) =>
      readSealedRows(db, last ? { seal: last.seal ?? '', id: last.id } : behind, page),
    ),
  );
  let [rows, looked] = [0, 0];
  const start = before.number;
  for await (const seal of pagesOf((last: Seal | undefined) => readSeals(db, last?.number ?? start, page))) {
    if (looked >= most) return { ...told(rows, 0), next: { number: before.number, hash: before.hash.toString('hex') } };
    if (BigInt(seal.number) !== BigInt(before.number) + 1n) tell({ what: 'chain_cut', seal: seal.number });
    const taken: FoundRow[] = [];
    for (let row = await next.peek(); row && BigInt(row.seal ?? 0) <= BigInt(seal.number); row = await next.peek()) {
      taken.push(row);
      await next.take();
    }
    await checkRows(db, taken, living, tell);
    const own = taken.filter((row) => row.seal === seal.number);
    for (const row of taken) if (row.seal !== seal.number) tell({ what: 'row_added', entry: row.id });
    rows += own.length;
    looked += own.length + 1;
    const hash = hashOfSeal(db, seal, before.hash, own);
    if (own.length < seal.rows) tell({ what: 'rows_missing', seal: seal.number });
    else if (!hash.equals(seal.hash)) tell({ what: 'chain_cut', seal: seal.number });
    before = { number: seal.number, hash: seal.hash };
  }
  for (let row = await next.take(); row; row = await next.take()) {
    await checkRows(db, [row], living, tell);
    tell({ what: 'row_added', entry: row.id });
  }
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
  return { ...told(rows, unsealed), next: undefined };

  function told(sealed: number, loose: number): Verified {
    const head = before.number !== '0' ? { number: before.number, hash: before.hash.toString('hex') } : null;
    return { ok: breaks.length === 0, rows: sealed, unsealed: loose, head, breaks };
  }
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
