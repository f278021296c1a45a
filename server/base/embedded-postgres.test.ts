import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { assertRows, dataFolder, postmasterOf, startQuietly, writeAndKill } from '../../test/embedded-killing.ts';
import { ConfigError } from './config.ts';
import { isRoot } from './embedded-postgres-owner.ts';

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

// One folder for all tests that leave it whole: making a database takes a second or two.
const shared = await dataFolder();
after(() => shared[Symbol.asyncDispose]());

test('two servers that start at once on an empty folder share one database; the last one out stops it', async () => {
  const [one, two] = await Promise.all([startQuietly(shared.path), startQuietly(shared.path)]);
  await using opened = new AsyncDisposableStack();
  opened.use(one);
  opened.use(two);
  assert.equal(one.url, two.url);
  await one.stop();
  assert.ok(await answers(two.url), 'the other one still uses it');
  await two.stop();
  assert.equal(await answers(two.url), false);
  assert.deepEqual((await readdir(shared.path)).sort(), ['postgres'], 'no drafts are left');

  await using again = await startQuietly(shared.path);
  assert.equal(again.url, one.url, 'on the same port');
  await again.stop();
});

test('a server that starts while the last one stops gets a database that runs', async () => {
  await using opened = new AsyncDisposableStack();
  let server = await startQuietly(shared.path);
  for (let round = 0; round < 5; round += 1) {
    const [next] = await Promise.all([startQuietly(shared.path), server.stop()]);
    assert.ok(await answers(next.url), `round ${round}`);
    server = opened.use(next);
  }
  await server.stop();
});

test('after kill -9 of the server the next one adopts its PostgreSQL', async () => {
  const { acknowledged, postmaster } = await writeAndKill(shared.path, { rows: 20, ms: 0, database: false });
  await using next = await startQuietly(shared.path);
  assert.equal(await postmasterOf(shared.path), postmaster);
  await assertRows(next.url, acknowledged);
  await next.stop();
  assert.equal(await answers(next.url), false, 'what was adopted is stopped too');
});

test('after kill -9 of server and PostgreSQL nothing acknowledged is lost', async () => {
  const { acknowledged } = await writeAndKill(shared.path, { rows: 200, ms: 50, database: true });
  await using next = await startQuietly(shared.path);
  await assertRows(next.url, acknowledged);
  await next.stop();
});

test('a PostgreSQL that dies under a running server is started again on the same port', async () => {
  await using server = await startQuietly(shared.path);
  process.kill(await postmasterOf(shared.path), 'SIGKILL');
  const deadline = Date.now() + 20_000;
  while (!(await answers(server.url)) && Date.now() < deadline) await new Promise((next) => setTimeout(next, 50));
  assert.ok(await answers(server.url));
  await server.stop();
  assert.equal(await answers(server.url), false);
});

test('a postmaster.pid whose number belongs to another program by now does not hinder the start', async () => {
  await (await startQuietly(shared.path)).stop();
  const cluster = join(shared.path, 'postgres', 'cluster');
  await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n`);
  await using server = await startQuietly(shared.path);
  assert.ok(await answers(server.url));
  await server.stop();
});

test('the server reaches it by a socket that is closed to others; by TCP it takes the password, too', async () => {
  await using server = await startQuietly(shared.path);
  const url = new URL(server.url);
  const sockets = url.searchParams.get('host') ?? '';
  assert.equal(sockets, join(await realpath(join(shared.path, 'postgres')), 'sockets'));
  assert.equal((await stat(sockets)).mode & 0o777, 0o700);
  const overTcp = new URL(url);
  overTcp.search = '';
  const ways = [
    { address: url.href, over: null },
    { address: overTcp.href, over: '127.0.0.1' },
  ];
  for (const { address, over } of ways) {
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    const { rows } = await client.query('select host(inet_client_addr()) as over');
    await client.end();
    assert.deepEqual(rows, [{ over }]);
  }
  url.password = 'wrong';
  assert.equal(await answers(url.href), false);
  await server.stop();
});

test('a data folder with a long path does without the socket', async () => {
  const folder = join(shared.path, 'x'.repeat(90));
  await mkdir(folder);
  await using server = await startQuietly(folder);
  assert.equal(new URL(server.url).searchParams.get('host'), null);
  assert.ok(await answers(server.url));
  await server.stop();
});

test('password and data are for nobody else, and the log keeps no values', async () => {
  await using server = await startQuietly(shared.path);
  const mode = async (name: string) => ((await stat(join(server.folder, name))).mode & 0o777).toString(8);
  assert.equal(await mode('password'), '600');
  assert.equal(await mode('cluster'), '700');
  assert.equal(await mode('log'), '600');
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('create table people (email text unique)');
  const insert = () => client.query("insert into people values ('somebody@example.com')");
  await insert();
  await assert.rejects(insert);
  await client.end();
  const wrong = server.url.replace(/:[^:@]+@/, ':wrong@');
  assert.equal(await answers(wrong), false);
  await server.stop();
  assert.ok(!(await readFile(join(server.folder, 'log'), 'utf8')).includes('somebody@example.com'));
});

test('root may start from a folder that is closed to everybody else', async () => {
  await using folder = await dataFolder();
  const closed = join(folder.path, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const data = join(closed, 'data');
  await using server = await startQuietly(data);
  try {
    assert.ok(await answers(server.url));
    const inside = server.folder === join(await realpath(data), 'postgres');
    assert.equal(inside, !isRoot(), 'as root the database goes where its user can reach it');
  } finally {
    await server.stop();
    await rm(server.folder, { recursive: true });
  }
});

test('a database that was moved where its user cannot reach it is refused in one sentence', async () => {
  await chmod(shared.path, 0o700);
  if (!isRoot()) return; // then it is its own user
  await assert.rejects(startQuietly(shared.path), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /^REGULARS_DATA must be a folder that PostgreSQL's user .+ closed to it\.$/);
    return true;
  });
  await chmod(shared.path, 0o711);
});

test('a database of another PostgreSQL is refused in one sentence', async () => {
  await writeFile(join(shared.path, 'postgres', 'cluster', 'PG_VERSION'), '12\n');
  await assert.rejects(startQuietly(shared.path), /REGULARS_DATA must .+ was made by 12: [^\n]+\.$/);
});
