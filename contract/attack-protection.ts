import { z } from 'zod';

/** Who is shut out now, and where. */
export const block = z
  .strictObject({
    id: z.string(),
    /** Which limit was reached; `GET /attack-protection/limits` tells what each is for. */
    limit: z.string(),
    /** The customer whose door it is. */
    user_id: z.string().optional(),
    /** One of the staff, whose door it is. */
    staff: z.strictObject({ id: z.uuid(), name: z.string() }).optional(),
    /** From where: the address that was last seen of that place. */
    ip: z.string().optional(),
    failures: z.int(),
    until: z.iso.datetime(),
  })
  .meta({ id: 'Block' });
export type Block = z.infer<typeof block>;

/** A limit as it holds. */
export const attackLimit = z
  .strictObject({
    name: z.string(),
    about: z.string(),
    most: z.int(),
    window_seconds: z.int(),
    /** How long the door is shut then; as long as the window when not said. */
    block_seconds: z.int().optional(),
  })
  .meta({ id: 'AttackLimit' });
export type AttackLimit = z.infer<typeof attackLimit>;

/** How often what happened in the last day, by the names of the timeline. */
export const attackCounts = z
  .strictObject({
    since: z.iso.datetime(),
    counts: z.array(z.strictObject({ name: z.string(), count: z.int() })),
  })
  .meta({ id: 'AttackCounts' });
export type AttackCounts = z.infer<typeof attackCounts>;

const allowlist = z.array(z.string()).max(0);

/** Auth0's shape: what holds here. It cannot be changed, so a change is taken only when it says what holds anyway. */
export const bruteForceProtection = z
  .strictObject({
    enabled: z.literal(true),
    shields: z.tuple([z.literal('block'), z.literal('user_notification')]),
    allowlist,
    mode: z.literal('count_per_identifier_and_ip'),
    max_attempts: z.int(),
  })
  .meta({ id: 'BruteForceProtection' });

/** Auth0's shape. `rate`: after so many milliseconds one more try is given back. */
export const suspiciousIpThrottling = z
  .strictObject({
    enabled: z.literal(true),
    shields: z.tuple([z.literal('block')]),
    allowlist,
    stage: z.strictObject({
      'pre-login': z.strictObject({ max_attempts: z.int(), rate: z.int() }),
      'pre-user-registration': z.strictObject({ max_attempts: z.int(), rate: z.int() }),
    }),
  })
  .meta({ id: 'SuspiciousIpThrottling' });

const shields = z.array(z.literal('block')).max(1);

/** Auth0's shape: whether breached passwords are looked up, which `PATCH /umbrella` decides. */
export const breachedPasswordDetection = z
  .strictObject({
    enabled: z.boolean(),
    shields,
    admin_notification_frequency: z.array(z.string()).max(0),
    method: z.literal('standard'),
    stage: z.strictObject({
      'pre-user-registration': z.strictObject({ shields }),
      'pre-change-password': z.strictObject({ shields }),
    }),
  })
  .meta({ id: 'BreachedPasswordDetection' });

/** Any change that is asked for; what it says is compared with what holds. */
export const protectionPatch = z.record(z.string(), z.json()).meta({ id: 'ProtectionPatch' });
