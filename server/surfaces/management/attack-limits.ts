import { z } from 'zod';
import { type AttackLimit, attackCounts, attackLimit } from '../../../contract/attack-protection.ts';
import { inSeconds } from '../../base/clock.ts';
import { type Limit, limitOfPlace } from '../../base/guess.ts';
import { limits, type TimelineName } from '../../features/accounts/accounts.ts';
import { countSince } from '../../features/customers/customers.ts';
import { staffLimits } from '../../features/staff/staff.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const everyLimit = { ...limits, ip_failures: limitOfPlace, ...staffLimits };
type LimitName = keyof typeof everyLimit;

const about: Readonly<Record<LimitName, string>> = {
  sign_in: 'Wrong passwords and codes of one customer from one place. The customer is mailed a link that unblocks.',
  factors: 'Wrong second factors of one customer, from anywhere. That step is locked until it is unlocked by mail.',
  ip_failures: 'Wrong secrets of anybody from one place.',
  ip_sign_ups: 'Accounts that are begun from one place.',
  ip_returns: 'Answers of networks and of sites that code sends to, posted from one place and kept for its browsers.',
  ip_user_codes: 'Codes of devices that are typed at one place.',
  ip_mails: 'Codes and links that one place asks for.',
  ip_texts: 'Text messages and calls that one place asks for.',
  mails: 'Codes and links that one address is sent.',
  mails_from_ip: 'Codes and links that one address is sent because one place asked for them.',
  mail_tests: 'Tests of mail templates that one of the staff, or a machine, sends.',
  mail_tests_to: 'Tests of mail templates that one address is sent.',
  staff_sign_in: 'Wrong passwords and codes of one of the staff from one place.',
  staff_factors: 'Wrong second factors of one of the staff, from anywhere.',
  staff_ip_mails: 'Mails for staff that one place asks for.',
  staff_mails: 'Mails for staff that one address is sent.',
};

const daySeconds = 86_400;
const counted: readonly TimelineName[] = [
  ...(['signed_in', 'wrong_password', 'unknown_account', 'wrong_code', 'wrong_factor', 'wrong_passkey'] as const),
  ...(['blocked', 'place_blocked', 'unblocked', 'refresh_reused', 'passkey_cloned'] as const),
];

/** What guessing meets here, and how much of it there was. */
export const attackLimitRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/attack-protection/limits',
      summary: 'List the limits on guessing and on mails, as they hold',
      may: ['read:attack_protection'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(attackLimit),
    },
    async () => Object.entries(about).map(([name, words]) => show(name, words)),
  ),
  route(
    {
      method: 'GET',
      path: '/attack-protection/counts',
      summary: 'Count sign-ins, failures and blocks of the last 24 hours',
      may: ['read:attack_protection'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: attackCounts,
    },
    async ({ base }, { caller }) => {
      const since = inSeconds(-daySeconds);
      const brands = caller.access.brands && [...caller.access.brands];
      const found = await countSince(base.db, since, { classes: ['sign_in', 'security'], names: counted, brands });
      const counts = counted.map((name) => ({ name, count: found.get(name) ?? 0 }));
      return { since: since.toISOString(), counts };
    },
  ),
];

function show(name: string, words: string): AttackLimit {
  const limit: Limit | undefined = Object.entries(everyLimit).find(([one]) => one === name)?.[1];
  if (!limit) throw new Error(`There is no limit ${name}.`);
  const { most, windowSeconds, blockSeconds } = limit;
  return {
    name,
    about: words,
    most,
    window_seconds: windowSeconds,
    ...(blockSeconds !== undefined && { block_seconds: blockSeconds }),
  };
}
