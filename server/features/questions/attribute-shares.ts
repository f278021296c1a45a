import { type QuestionContent, questionContent } from '../../../contract/questions.ts';
import type { Db } from '../../base/db.ts';
import { countBatch, deleteSharesBefore, readShares, type ShareRow, writeShares } from './attribute-shares-store.ts';
import { mostLive } from './live-questions.ts';
import { readQuestions } from './questions-store.ts';

/** Of how many customers an attribute was known on a day (UTC). */
export type KnownOn = Pick<ShareRow, 'day' | 'known' | 'customers'>;

const mostPaths = 200;
const batch = 10_000;
const keptDays = 800;

/**
 * Counts of how many customers the attributes are known that live and paused questions ask for, of all customers and of
 * each brand's, and keeps it as today's. Goes through the customers in small steps, so that no statement takes long
 * however many there are; the first 200 attributes in the questions' order are counted.
 */
export async function countAttributeShares(db: Db, at: Date): Promise<void> {
  const today = dayOf(at);
  await deleteSharesBefore(db, dayOf(new Date(at.getTime() - keptDays * 86_400_000)));
  const paths = await askedPaths(db);
  if (paths.length === 0) return;
  const sums = new Map<string | null, { customers: number; known: number[] }>();
  let after: string | null = null;
  do {
    const { counted, last } = await countBatch(db, paths, { after, limit: batch, at });
    for (const { brand, customers, known } of counted) {
      const sum = sums.get(brand) ?? { customers: 0, known: paths.map(() => 0) };
      sums.set(brand, {
        customers: sum.customers + customers,
        known: sum.known.map((one, place) => one + (known[place] ?? 0)),
      });
    }
    after = last;
  } while (after !== null);
  for (const [brand, { customers, known }] of sums) {
    await writeShares(
      db,
      paths.map((path, place) => ({ path, day: today, brand, known: known[place] ?? 0, customers })),
    );
  }
}

/** What these attributes were known of, day by day: of a brand's customers, or of all (null). */
export async function attributeShares(
  db: Db,
  paths: readonly string[],
  { brand, from, until }: { readonly brand: string | null; readonly from: Date; readonly until: Date },
): Promise<ReadonlyMap<string, readonly KnownOn[]>> {
  const rows = await readShares(db, paths, { brand, from: dayOf(from), until: dayOf(until) });
  const days = Map.groupBy(rows, ({ path }) => path);
  return new Map(
    paths.map((path) => [path, (days.get(path) ?? []).map(({ day, known, customers }) => ({ day, known, customers }))]),
  );
}

async function askedPaths(db: Db): Promise<string[]> {
  const all = await Promise.all(
    (['live', 'paused'] as const).map((state) => readQuestions(db, { state }, { limit: mostLive, offset: 0 })),
  );
  const asked = all.flat().flatMap(({ content }) => pathsIn(questionContent.parse(content)));
  return [...new Set(asked)].slice(0, mostPaths);
}

/** The attributes that a question asks for, each once. */
export function pathsIn({ variants }: Pick<QuestionContent, 'variants'>): string[] {
  return [...new Set(variants.flatMap(({ fields }) => fields.flatMap((one) => ('path' in one ? [one.path] : []))))];
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
