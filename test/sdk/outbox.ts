// What was mailed, for programs that play an app and its customer's inbox.
import pg from 'pg';

/** The code or the link in the newest mail of this kind to this address. */
export async function mailed(databaseUrl: string, to: string, kind: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      'select body_text from outbox where recipient = $1 and kind = $2 order by id desc limit 1',
      [to, kind],
    );
    const text = String(rows[0]?.body_text ?? '');
    const found = /^ {4}(\d{6})$/m.exec(text)?.[1] ?? /https?:\S+ticket=[\w-]+/.exec(text)?.[0];
    if (!found) throw new Error(`No ${kind} to ${to}`);
    return found;
  } finally {
    await client.end();
  }
}
