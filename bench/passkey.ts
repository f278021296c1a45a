// How many sign-ins by passkey a second: `npm exec -c 'node bench/passkey.ts [seconds]'`. Load and server share this machine.
import { setTimeout as sleep } from 'node:timers/promises';
import { measurePasskeySignIn } from './passkey-sign-in.ts';
import { startRegulars } from './regulars.ts';

const seconds = Number(process.argv[2] ?? 8);
const profile = process.argv.slice(3);
const regulars = await startRegulars(80, profile);
try {
  await sleep(2000);
  const { act, whole } = await measurePasskeySignIn(regulars, seconds);
  const cost = ({ server, database }: { server: number; database: number }) =>
    `${server.toFixed(1)} ms of the server, ${database.toFixed(1)} ms of the database`;
  process.stdout.write(
    [
      '| what | measured | goal |',
      '|---|---|---|',
      `| a passkey checked and its sign-in recorded | ${act.perSecond.toFixed(0)}/s | >= 300/s |`,
      `| … processor time | ${cost(act)} | |`,
      `| passkey sign-in, whole flow | ${whole.perSecond.toFixed(1)}/s | |`,
      `| … processor time | ${cost(whole)} | |`,
      `| … time of one | p50 ${whole.p50.toFixed(0)} ms, p99 ${whole.p99.toFixed(0)} ms | |`,
      '',
    ].join('\n'),
  );
} finally {
  await regulars.stop();
}
