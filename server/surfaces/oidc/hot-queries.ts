import { createHash } from 'node:crypto';
import type { QueryResultRow } from 'pg';
import type { Base } from '../../base/base.ts';

/** What the hottest queries need of the base. */
export type HotGround = Pick<Base, 'pool' | 'config'>;

const names = new Map<string, string>();
const mostNames = 200;

/**
 * Runs one of the few statements that every token passes. The database plans it once per connection; behind a
 * transaction pooler, where connections change hands, it plans each time. Name the columns: a statement with `*` would
 * break when a migration adds one.
 */
export async function runHot<Row extends QueryResultRow>(
  { pool, config }: HotGround,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const isPooled = config.databaseUrl !== config.databaseDirectUrl;
  const result = await pool.query<Row>(isPooled ? { text, values } : { name: nameOf(text), text, values });
  return result.rows;
}

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    if (names.size >= mostNames) names.clear();
    name = createHash('sha256').update(text).digest('base64url').slice(0, 24);
    names.set(text, name);
  }
  return name;
}
