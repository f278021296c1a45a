import { type Selectable, sql } from 'kysely';
import { factSource } from '../../../contract/customers.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { statement } from '../../base/statement.ts';
import type { Fact, Proof, ProofDraft } from './fact.ts';
import type { FactChanges } from './fact-changes.ts';
import type { FoldInput } from './fold.ts';

type FactRow = Omit<Selectable<DB['facts']>, 'until'>;
type ProofRow = Selectable<DB['proofs']>;

/** The current facts of one subject at these paths, and its proofs: one query, for every sign-in. */
export async function readKnown(
  db: Db,
  subject: string,
  paths: readonly string[],
): Promise<{ facts: Fact[]; proofs: Proof[] }> {
  // One row of two arrays; instants leave JSON as microseconds since 1970 and come back as they were.
  const found = await sql<{
    facts: (Omit<FactRow, 'at'> & { ms: number })[];
    proofs: (Omit<ProofRow, 'at'> & { ms: number })[];
  }>`
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
  return {
    facts: facts.map(({ ms, ...row }) => toFact({ ...row, at: new Date(ms) })),
    proofs: proofs.map(({ ms, ...row }) => toProof({ ...row, at: new Date(ms) })),
  };
}

const factsOfCustomer = statement<FactRow & { ranking: string[] | null }>(`
  select f.id, f.subject, f.path, f.kind, f.value, f.source, f.origin, f.confidence, f.at, a.ranking
  from members m join facts f on f.subject = m.subject and f.until is null left join attributes a on a.path = f.path
  where m.customer = $1::uuid and m.until is null`);
const proofsOfCustomer = statement<ProofRow>(`
  select p.subject, p.kind, p.address, p.how, p.origin, p.at
  from members m join proofs p on p.subject = m.subject
  where m.customer = $1::uuid and m.until is null order by p.at`);

/** What the fold of a customer is made of. */
export async function readFoldInput(db: Db, customerId: string): Promise<FoldInput> {
  const facts = await factsOfCustomer(db, [customerId]);
  return {
    facts: facts.map(toFact),
    proofs: await readProofs(db, customerId),
    rankings: new Map(facts.map((row) => [row.path, row.ranking ?? []])),
  };
}

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

export function toFact(row: FactRow): Fact {
  const { id, subject, path, value, origin, confidence, at } = row;
  const kind = row.kind === 'withdrawn' || row.kind === 'excluded' ? row.kind : 'said';
  return { id, subject, path, kind, value, source: factSource.parse(row.source), origin, confidence, at };
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
