import { sql } from 'kysely';
import { type Db, transact } from '../../base/db.ts';
import { addJob } from '../../base/jobs.ts';
import { replaceSearchWords } from './search-store.ts';
import { foldingVersion, type Searched, searchWords } from './search-words.ts';

const atOnce = 1000;
const job = 'fill_search_words';

/** Lets the words be made by which the customers of an older version are found, unless that is done. */
export async function beginSearchFilling(db: Db): Promise<void> {
  await sql`insert into search_filling (version) values (${foldingVersion}) on conflict do nothing`.execute(db);
  const found = await sql`select from search_filling where version = ${foldingVersion} and not done`.execute(db);
  if (found.rows.length > 0) await addJob(db, job, {}, { key: job });
}

/** Makes the words of the next thousand customers, and queues itself for those behind them; a job. */
export function fillSearchWords(db: Db): Promise<void> {
  return transact(db, async (tx) => {
    const filling = await sql<{ after: string | null }>`
      select after from search_filling where version = ${foldingVersion} and not done for update`.execute(tx);
    const [at] = filling.rows;
    if (!at) return;
    // Locked, so that nobody changes a name between the look and the words.
    const found = await sql<Searched & { id: string }>`
      select id, name, given_name, family_name, email, phone_number, username from customers
      where merged_into is null and (${at.after}::uuid is null or id > ${at.after}::uuid)
      order by id limit ${atOnce} for update`.execute(tx);
    for (const { id, ...searched } of found.rows) await replaceSearchWords(tx, id, searchWords(searched));
    const last = found.rows.at(-1)?.id ?? at.after;
    const done = found.rows.length < atOnce;
    await sql`update search_filling set after = ${last}, done = ${done} where version = ${foldingVersion}`.execute(tx);
    if (!done) await addJob(tx, job, {}, { key: job });
  });
}
