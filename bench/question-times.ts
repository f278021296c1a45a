import { openDatabase } from '../server/base/db.ts';
import { openLog } from '../server/base/log.ts';
import { openNotifications } from '../server/base/notifications.ts';
import { openSettings } from '../server/base/settings.ts';
import { listCustomers } from '../server/features/customers/customers.ts';
import { chooseQuestion, type LiveQuestion, liveQuestions } from '../server/features/questions/questions.ts';
import type { Regulars } from './regulars.ts';

type Row = { what: string; figure: string; goal: string };

const rounds = 7;

/** What deciding costs a sign-in, and how many statements it sends, for customers of whom this is asked or is not. */
export async function timeDecisions({ databaseUrl }: Pick<Regulars, 'databaseUrl'>): Promise<Row[]> {
  const database = openDatabase(databaseUrl, 2);
  const notifications = await openNotifications(databaseUrl);
  const log = openLog();
  const settings = await openSettings(database.db, notifications, (fault) => log.warn({ err: fault }, 'settings'));
  let statements = 0;
  database.pool.on('acquire', () => {
    statements += 1;
  });
  try {
    const ground = { db: database.db, settings };
    const { customers } = await listCustomers(database.db, { by: 'email', descending: false }, { limit: 1000 });
    const live = await liveQuestions(ground);
    const brand = live[0]?.brand ?? crypto.randomUUID();
    const signIn = {
      portal: 'p',
      brand: 'bench',
      connection: 'c',
      country: 'DE',
      language: 'de',
      device: 'phone',
      hour: 9,
    } as const;
    const decide = async (questions: readonly LiveQuestion[]) => {
      const times: number[] = [];
      statements = 0;
      for (let round = 0; round < 3; round += 1) {
        for (const customer of customers) {
          const [sets, consented] = [async () => [], async () => []];
          const guest = {
            customer,
            signIn,
            number: customer.logins_count + 1,
            brand,
            place: 'page',
            at: new Date(),
            sets,
            consented,
          } as const;
          const began = performance.now();
          await chooseQuestion(ground, questions, guest, 7, () => undefined);
          if (round > 0) times.push(performance.now() - began);
        }
      }
      times.sort((a, b) => a - b);
      const at = (part: number) => (times[Math.floor(times.length * part)] ?? Number.NaN).toFixed(2);
      return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; ${(statements / customers.length / 3).toFixed(2)} statements`;
    };
    const never = live.map((one) => ({ ...one, attributes: [], content: { ...one.content, when: impossible } }));
    const goal = '< 1 ms';
    return [
      { what: `deciding among ${live.length} questions, none of which fits`, figure: await decide(never), goal },
      { what: '… some of which fit', figure: await decide(live), goal },
      { what: '… one question alone, which fits', figure: await decide(live.slice(0, 1)), goal },
    ];
  } finally {
    await settings.close();
    await notifications.close();
    await database.close();
  }
}
const impossible = { attribute: 'sign_in.number', is: 'at_least', value: 1e9 } as const;

/** "Who would see this?", by the API: about how many and exactly how many, each with some of them; several times. */
export async function timeAudiences(
  { manage }: Pick<Regulars, 'manage'>,
  questions: ReadonlyMap<string, string>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, id] of questions) {
    const cells: string[] = [];
    for (const query of ['', '?exact=true']) {
      const times: number[] = [];
      let told = '';
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        const { count } = await manage('GET', `questions/${id}/audience${query}`).catch((error: Error) => ({
          count: error.message.slice(0, 80),
        }));
        times.push(performance.now() - began);
        told = typeof count === 'number' ? count.toLocaleString('en') : String(count);
      }
      times.sort((a, b) => a - b);
      const [median = Number.NaN, worst = Number.NaN] = [times[Math.floor(rounds / 2)], times.at(-1)];
      cells.push(`${median.toFixed(0)} ms (worst ${worst.toFixed(0)}): ${told}`);
    }
    lines.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  return lines;
}
