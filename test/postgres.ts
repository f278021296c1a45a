/** Address of the PostgreSQL server that tests make their databases on, given by `scripts/test.ts`. */
export async function testPostgres(): Promise<string> {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('Set TEST_DATABASE_URL, or run tests by `npm test`.');
  return url;
}
