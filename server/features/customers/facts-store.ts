import { type Selectable, sql } from 'kysely';
import { factSource } from '../../../contract/customers.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { statement } from '../../base/statement.ts';
import type { Fact, Proof, ProofDraft } from './fact.ts';
import type { FactChanges } from './fact-changes.ts';
import type { FoldInput } from './fold.ts';

type ProofRow = Selectable<DB['proofs']>;
// Instants leave JSON as milliseconds since 1970 and come back as they were.
type FactJson = Omit<Selectable<DB['facts']>, 'until' | 'at'> & { readonly ms: number };
type ProofJson = Omit<ProofRow, 'at'> & { readonly ms: number };

/** The current facts of one subject at these paths, and its proofs: one query, for every sign-in. */
export async function readKnown(
  db: Db,
  subject: string,
  paths: readonly string[],
): Promise<{ facts: Fact[]; proofs: Proof[] }> {
  const found = await sql<{ facts: FactJson[]; proofs: ProofJson[] }>`
    select
      (select coalesce(json_agg(f), '[]') from (
        select id, subject, path, kind, value, source, origin, confidence, extract(epoch from at) * 1000 as ms
        from facts where subject = ${subject} and until is null and path = any(${paths})
      ) f) as facts,
      (select coalesce(json_agg(p), '[]') from (
        select subject, kind, address, how, origin, extract(epoch from at) * 1000 as ms
        from proofs where subject = ${subject}
      ) p) as proofs`.execute(db);
  const { facts = [], proofs = [] } = found.rows[0] ?? {};
  return { facts: facts.map(toFact), proofs: proofs.map(proofOf) };
}

/** What `factsAsJson` gives. */
export type FactsJson = readonly (FactJson & { readonly ranking: string[] | null })[];

/**
 * The facts of a customer that hold, with the ranking of their paths, as an expression in a statement that reads more.
 *
 * @param customer where that statement has the customer's id, by a name that is none of those in here (`$1::uuid`)
 * @param paths at these alone
 */
export function factsAsJson(customer: string, paths?: string): string {
  return `(select coalesce(json_agg(f), '[]') from (
    select f.id, f.subject, f.path, f.kind, f.value, f.source, f.origin, f.confidence,
      extract(epoch from f.at) * 1000 as ms, a.ranking
    from members m join facts f on f.subject = m.subject and f.until is null left join attributes a on a.path = f.path
    where m.customer = ${customer} and m.until is null${paths === undefined ? '' : ` and f.path = any(${paths})`}) f)`;
}

/** What `foldInputColumns` gives. */
export type FoldInputRow = { readonly facts: FactsJson; readonly proofs: readonly ProofJson[] };

/** What the fold of a customer is made of, as columns for a query; `customer` is where it has the id, as for `factsAsJson`. */
export function foldInputColumns(customer: string): string {
  return `
    ${factsAsJson(customer)} as facts,
    (select coalesce(json_agg(p), '[]') from (
      select p.subject, p.kind, p.address, p.how, p.origin, extract(epoch from p.at) * 1000 as ms
      from members m join proofs p on p.subject = m.subject
      where m.customer = ${customer} and m.until is null order by p.at) p) as proofs`;
}

export function toFoldInput({ facts, proofs }: FoldInputRow): FoldInput {
  return {
    facts: facts.map(toFact),
    proofs: proofs.map(proofOf),
    rankings: new Map(facts.map((row) => [row.path, row.ranking ?? []])),
  };
}

const foldInputOf = statement<FoldInputRow>(`select ${foldInputColumns('$1::uuid')}`);

/** What the fold of a customer is made of, in one query. */
export async function readFoldInput(db: Db, customerId: string): Promise<FoldInput> {
  const [row] = await foldInputOf(db, [customerId]);
  return toFoldInput(row ?? { facts: [], proofs: [] });
}

const proofsOfCustomer = statement<ProofRow>(`
  select p.subject, p.kind, p.address, p.how, p.origin, p.at
  from members m join proofs p on p.subject = m.subject
  where m.customer = $1::uuid and m.until is null order by p.at`);

export async function readProofs(db: Db, customerId: string): Promise<Proof[]> {
  return (await proofsOfCustomer(db, [customerId])).map(toProof);
}

const closeFacts = statement(`
  update facts set until = $1::timestamptz where subject = $2::uuid and id = any($3::uuid[])`);
const addFact = statement(`
  insert into facts (id, subject, path, kind, value, source, origin, confidence, at)
  values ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6, $7, $8, $9::timestamptz)`);

/** Closes and adds facts; a closed row keeps all it said. */
export async function writeFacts(tx: Db, subject: string, { close, add }: FactChanges, at: Date): Promise<void> {
  if (close.length > 0) await closeFacts(tx, [at, subject, close]);
  const rows = add.map((fact) => ({ ...fact, value: fact.kind === 'withdrawn' ? null : JSON.stringify(fact.value) }));
  const [only, another] = rows;
  if (only && !another) {
    const { id, path, kind, value, source, origin, confidence } = only;
    await addFact(tx, [id, only.subject, path, kind, value, source, origin, confidence, only.at]);
  } else if (another) await tx.insertInto('facts').values(rows).execute();
}

/** Adds proofs, or makes known ones as new as they are told. */
export async function writeProofs(tx: Db, subject: string, proofs: readonly ProofDraft[]): Promise<void> {
  for (const { kind, address, how, origin, at } of proofs) {
    await tx
      .insertInto('proofs')
      .values({ subject, kind, address, how, origin, at })
      .onConflict((conflict) => conflict.columns(['subject', 'kind', 'address', 'how']).doUpdateSet({ origin, at }))
      .execute();
  }
}

/** Deletes every proof of an address from the subjects of a customer. */
export async function deleteProofs(tx: Db, customerId: string, kind: string, address: string): Promise<void> {
  await tx
    .deleteFrom('proofs')
    .where('kind', '=', kind)
    .where('address', '=', address)
    .where('subject', 'in', (members) =>
      members.selectFrom('members').select('subject').where('customer', '=', customerId).where('until', 'is', null),
    )
    .execute();
}

function toFact(row: FactJson): Fact {
  const { id, subject, path, value, origin, confidence, ms } = row;
  const kind = row.kind === 'withdrawn' || row.kind === 'excluded' ? row.kind : 'said';
  return { id, subject, path, kind, value, source: factSource.parse(row.source), origin, confidence, at: new Date(ms) };
}

function proofOf({ ms, ...row }: ProofJson): Proof {
  return toProof({ ...row, at: new Date(ms) });
}

function toProof(row: ProofRow): Proof {
  const { subject, address, origin, at } = row;
  const kind = row.kind === 'email' ? 'email' : 'phone';
  return { subject, kind, address, how: proofWay(row.how), origin, at };
}

function proofWay(how: string): Proof['how'] {
  const ways = ['code', 'link', 'provider', 'import', 'umbrella'] as const;
  const way = ways.find((one) => one === how);
  if (!way) throw new Error(`Proof of an unknown kind: ${how}`);
  return way;
}
