#!/usr/bin/env node
// The command line: `regulars <command>`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ConfigError, readConfig } from './base/config.ts';
import { type OpenGround, openGround } from './base/ground.ts';
import { type Logger, openLog } from './base/log.ts';
import { cleanText } from './base/log-cleaning.ts';
import { newestMails } from './base/outbox.ts';
import { onStopSignal } from './base/stop-signals.ts';

type Command = { readonly summary: string; run(words: readonly string[]): Promise<void> };

const commands: Readonly<Record<string, Command>> = {
  start: { summary: 'start the server (and the embedded database, if DATABASE_URL is not set)', run: start },
  migrate: { summary: 'bring the database to the newest migration, without starting', run: migrate },
  demo: { summary: 'start the server with the demo umbrella: demo [--customers 2000] [--ports 4000]', run: demo },
  outbox: { summary: 'show the newest mails: outbox [how many, 10 when not said]', run: outbox },
  keys: { summary: 'keys rotate [--now] | keys revoke <kid> | keys rewrap (after REGULARS_SECRET=new,old)', run: keys },
  data: {
    summary: 'data income <file> [<gazetteer>]: load median incomes of ZIP areas, as the Census API tells them',
    run: data,
  },
  staff: { summary: 'staff link: a link that makes whoever opens it an administrator', run: staff },
  audit: { summary: 'audit verify: was a row of the audit log changed, deleted, added or moved?', run: audit },
  rules: { summary: 'rules off | rules on: break glass, no rule runs until they are on again', run: rules },
  help: { summary: 'show this', run: async () => say(help()) },
};

/** Starts, and stops cleanly at the first SIGTERM or Ctrl+C, also while it still starts; asked again, it ends at once. */
async function start(): Promise<void> {
  const config = readConfig();
  const log = openLog();
  // The whole server is loaded only once the settings are right.
  const starting = import('./start.ts').then(({ startServer }) => startServer(config, log));
  async function stop(signal: string): Promise<void> {
    log.info(`${signal}: finishing what was begun.`);
    const server = await starting;
    await server.stop();
    log.info('Stopped.');
    process.exit(0);
  }
  onStopSignal((signal) => void stop(signal).catch(fail));
  const { base } = await starting;
  // Straight to the terminal, once, and past the log: logs are kept and read by many.
  const link = await (await import('./staff-link.ts')).firstStaffLink(base);
  if (link !== undefined) say(link);
}

async function migrate(): Promise<void> {
  await withGround(async () => say('The database is ready.'));
}

/** A program of its own, so that nothing of the demo is in the server. */
async function demo(words: readonly string[]): Promise<void> {
  readConfig();
  const program = fileURLToPath(new URL('../demo/demo.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...words], { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGINT', () => undefined); // the terminal sends it to both
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function outbox([count = '10']: readonly string[]): Promise<void> {
  if (!/^[1-9]\d{0,3}$/.test(count)) throw new ConfigError('outbox takes a number from 1 to 9999.');
  await withGround(async ({ base }) => {
    const mails = await newestMails(base.db, Number(count));
    say(mails.length > 0 ? mails.join('\n\n') : 'No mail has been written yet.');
  });
}

async function keys([act = '', ...words]: readonly string[]): Promise<void> {
  if (!['rotate', 'revoke', 'rewrap'].includes(act))
    throw new ConfigError('keys must be told to rotate, revoke or rewrap.');
  const { revokeKey, rewrapKeys, rotateKeys } = await import('./keys.ts');
  await withGround(async ({ base, secrets }) => {
    if (act === 'rotate') say(await rotateKeys(base, words));
    else if (act === 'revoke') say(await revokeKey(base, words));
    else say(await rewrapKeys(base, secrets));
  });
}

async function data([table = '', file, ...more]: readonly string[]): Promise<void> {
  if (table !== 'income' || file === undefined || more.length > 1) {
    throw new ConfigError('data must be told to load: income <file of the Census API> [<file of the gazetteer>].');
  }
  const { loadIncomeFiles } = await import('./data.ts');
  const progress = (areas: number) => process.stderr.write(`${areas} areas read\n`);
  await withGround(async ({ base }) => say(await loadIncomeFiles(base, { income: file, places: more[0] }, progress)));
}

async function staff(words: readonly string[]): Promise<void> {
  if (words.join(' ') !== 'link') throw new ConfigError('staff must be told to link.');
  const { staffLink } = await import('./staff-link.ts');
  await withGround(async ({ base }) => say(await staffLink(base)));
}

async function audit([act = '', ...words]: readonly string[]): Promise<void> {
  if (act !== 'verify' || words.length > 0) throw new ConfigError('audit takes the word verify, and nothing else.');
  const { verifyAuditLog } = await import('./audit.ts');
  await withGround(async ({ base }) => {
    const { ok, told } = await verifyAuditLog(base);
    say(told);
    if (!ok) process.exitCode = 1;
  });
}

async function rules(words: readonly string[]): Promise<void> {
  const [word = ''] = words;
  if (words.length !== 1 || !['on', 'off'].includes(word)) throw new ConfigError('rules must be told to be on or off.');
  const { changeRunning } = await import('./features/rules/rules.ts');
  await withGround(async ({ base }) => {
    const { skipped } = await changeRunning(base, { skipped: word === 'off' });
    say(skipped ? 'No rule and no action runs until `rules on`.' : 'Rules and actions run again.');
  });
}

/** Opens the database for one command, joining a server that may be running, and leaves it again. */
async function withGround(act: (ground: OpenGround) => Promise<void>): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const ground = await openGround(readConfig(), quietLog());
  opened.defer(() => ground.close());
  await act(ground);
}

/** Commands answer on stdout; what goes wrong meanwhile is told on stderr. */
function quietLog(): Logger {
  const log = openLog({ write: (line: string) => process.stderr.write(line) });
  log.level = 'warn';
  return log;
}

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return ['Usage: regulars <command>', '', ...lines, '', 'Settings are environment variables: docs/config.md'].join(
    '\n',
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A wrong setting is one sentence and code 2; anything else is a fault, told in full. */
function fail(error: unknown): void {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  const told = error instanceof Error ? error.stack : error;
  process.stderr.write(`Regulars cannot go on. ${cleanText(String(told))}\n`);
  process.exit(1);
}

const [name = 'help', ...words] = process.argv.slice(2);
const command = commands[name.replace(/^--?/, '')];
if (command) command.run(words).catch(fail);
else fail(new ConfigError(`There is no command "${name}": \`regulars help\` shows those there are.`));
