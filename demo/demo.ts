// The demo: `npm run demo -- [--customers <how many, 2000 when not said>] [--ports <the thousand they begin at, 4000>]`
import { parseArgs } from 'node:util';
import { ConfigError } from '../server/base/config.ts';
import { openLog } from '../server/base/log.ts';
import { cleanText } from '../server/base/log-cleaning.ts';
import { onStopSignal } from '../server/base/stop-signals.ts';
import { readDemoConfig } from './demo-config.ts';
import { guideTo } from './guide.ts';
import { demoPorts } from './places.ts';
import { startDemo } from './start-demo.ts';

async function main(): Promise<void> {
  const { customers: count, ports } = readOptions();
  const config = readDemoConfig();
  const log = openLog();
  log.level = 'warn'; // the guide below is what matters here
  const stopping = new AbortController();
  onStopSignal(() => stopping.abort());

  say('Starting Meridian, the demo umbrella ...');
  const demo = await startDemo(config, log, demoPorts(ports));
  try {
    await demo.askConsents();
    await demo.askQuestions();
    if (await demo.makeCustomers(count, showProgress(count), stopping.signal)) say(guideTo(demo, count));
    await untilAborted(stopping.signal);
  } finally {
    say('\nStopping.');
    await demo.stop();
  }
}

function readOptions(): { customers: number; ports: number } {
  const { values } = parseArgs({
    options: { customers: { type: 'string', default: '2000' }, ports: { type: 'string', default: '4000' } },
  });
  const [customers, ports] = [Number(values.customers), Number(values.ports)];
  if (!/^\d{1,6}$/.test(values.customers)) throw new ConfigError('--customers must be a number up to 999999.');
  if (!/^\d{1,5}$/.test(values.ports) || ports < 1000 || ports > 65_000) {
    throw new ConfigError('--ports must be a number from 1000 to 65000.');
  }
  return { customers, ports };
}

/** One line that counts in a terminal, a few lines elsewhere. */
function showProgress(count: number): (done: number) => void {
  const step = process.stdout.isTTY ? 20 : 500;
  return (done) => {
    if (done % step !== 0 && done !== count) return;
    const line = `Making customers: ${done} of ${count}`;
    process.stdout.write(process.stdout.isTTY ? `\r${line}${done === count ? '\n' : ''}` : `${line}\n`);
  };
}

function isWrongArgument(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const isSetting = error instanceof ConfigError || isWrongArgument(error);
  const told = error instanceof Error && !isSetting ? error.stack : error instanceof Error ? error.message : error;
  process.stderr.write(`${isSetting ? '' : 'The demo cannot go on. '}${cleanText(String(told))}\n`);
  process.exit(isSetting ? 2 : 1);
}
