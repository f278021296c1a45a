import type { z } from 'zod';
import {
  breachedPasswordDetection,
  bruteForceProtection,
  protectionPatch,
  suspiciousIpThrottling,
} from '../../../contract/attack-protection.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { limitOfPlace } from '../../base/guess.ts';
import type { Json } from '../../base/json.ts';
import { limits, readBreachedPasswords } from '../../features/accounts/accounts.ts';
import { noBody, nothing, type Route, route } from './route.ts';

/** Auth0's three protections: what of them holds here. They are read; a change that would change something is refused. */
export const attackProtectionRoutes: readonly Route[] = [
  ...protection('brute-force-protection', bruteForceProtection, async () => bruteForce(), 'It is always on.'),
  ...protection('suspicious-ip-throttling', suspiciousIpThrottling, async () => throttling(), 'It is always on.'),
  ...protection(
    'breached-password-detection',
    breachedPasswordDetection,
    ({ db }) => breachedPasswords(db),
    'Set breached_passwords by PATCH /umbrella.',
  ),
];

/** Reading one of them, and refusing to change it. @param advice what to do instead */
function protection<S extends z.ZodType>(
  name: string,
  reply: S,
  read: (base: Base) => Promise<z.infer<S>>,
  advice: string,
): Route[] {
  const path = `/attack-protection/${name}`;
  const words = name.replaceAll('-', ' ');
  return [
    route(
      {
        method: 'GET',
        path,
        summary: `Read the settings of ${words}`,
        may: ['read:attack_protection'],
        params: nothing,
        query: nothing,
        body: noBody,
        status: 200,
        reply,
      },
      ({ base }) => read(base),
    ),
    route(
      {
        method: 'PATCH',
        path,
        summary: `Confirm the settings of ${words}: they cannot be changed`,
        may: ['update:attack_protection'],
        audit: 'protection',
        together: true,
        params: nothing,
        query: nothing,
        body: protectionPatch,
        status: 200,
        reply,
      },
      async ({ base }, { body }) => {
        const holds = await read(base);
        const other = differing(body, Object(holds));
        if (other !== undefined) {
          const message = `Payload validation error: 'This server does not let it be changed. ${advice}' on property ${other}.`;
          throw new Problem('invalid_body', message);
        }
        return holds;
      },
    ),
  ];
}

/** The first property that asks for something else than what holds. */
function differing(
  asked: Readonly<Record<string, Json>>,
  holds: Readonly<Record<string, unknown>>,
): string | undefined {
  return Object.entries(asked).find(([name, value]) => !includes(holds[name], value))?.[0];
}

function includes(holds: unknown, asked: Json): boolean {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) {
    return JSON.stringify(holds) === JSON.stringify(asked);
  }
  if (typeof holds !== 'object' || holds === null) return false;
  return differing(asked, { ...holds }) === undefined;
}

function bruteForce(): z.infer<typeof bruteForceProtection> {
  return {
    enabled: true,
    shields: ['block', 'user_notification'],
    allowlist: [],
    mode: 'count_per_identifier_and_ip',
    max_attempts: limits.sign_in.most,
  };
}

function throttling(): z.infer<typeof suspiciousIpThrottling> {
  const rate = ({ most, windowSeconds }: { most: number; windowSeconds: number }) => ({
    max_attempts: most,
    rate: Math.round((windowSeconds * 1000) / most),
  });
  return {
    enabled: true,
    shields: ['block'],
    allowlist: [],
    stage: { 'pre-login': rate(limitOfPlace), 'pre-user-registration': rate(limits.ip_sign_ups) },
  };
}

async function breachedPasswords(db: Base['db']): Promise<z.infer<typeof breachedPasswordDetection>> {
  const enabled = (await readBreachedPasswords(db)) !== null;
  const shields: 'block'[] = enabled ? ['block'] : [];
  return {
    enabled,
    shields,
    admin_notification_frequency: [],
    method: 'standard',
    stage: { 'pre-user-registration': { shields }, 'pre-change-password': { shields } },
  };
}
