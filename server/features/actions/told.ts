import { z } from 'zod';

// What comes out of the sandbox. The code there may have replaced anything, so all of it is looked at.

const name = z.string().max(4096);
const scope = z.string().max(300);
const cacheEntry = z.object({ key: z.string().max(64), value: z.string().max(4096), expires_at: z.number() });

const command = z.discriminatedUnion('name', [
  z.object({ name: z.literal('accessToken.addScope'), scope }),
  z.object({ name: z.literal('accessToken.removeScope'), scope }),
  z.object({ name: z.literal('accessToken.setCustomClaim'), key: name, value: z.json().optional() }),
  z.object({ name: z.literal('authentication.recordMethod'), url: z.url({ protocol: /^https?$/ }).max(4096) }),
  z.object({ name: z.literal('authentication.setPrimaryUser'), userId: z.string().max(300) }),
  z.object({ name: z.literal('cache.delete'), key: name }),
  z.object({ name: z.literal('cache.set'), entry: cacheEntry }),
  z.object({
    name: z.literal('factor'),
    by: z.literal(['challenge', 'enrol']),
    factors: z.array(z.string().max(50)).max(20),
    choose: z.boolean(),
  }),
  z.object({ name: z.literal('idToken.setCustomClaim'), key: name, value: z.json().optional() }),
  z.object({ name: z.literal('multifactor.enable'), provider: z.string().max(50), allowRememberBrowser: z.boolean() }),
  z.object({ name: z.literal('user.setAppMetadata'), key: name, value: z.json() }),
  z.object({ name: z.literal('user.setUserMetadata'), key: name, value: z.json() }),
]);

/** One thing that an action asked for. */
export type Command = z.infer<typeof command>;

const live = z.object({
  /** `event.transaction.metadata` */
  metadata: z.record(z.string().max(64), z.union([z.string(), z.number(), z.boolean()])),
  /** Claims of a machine's token, which later actions see. */
  claims: z.record(z.string(), z.json()),
  /** Scopes of a machine's token. */
  scopes: z.array(scope).max(1000),
  cache: z.array(cacheEntry).max(100),
});

/** What one action leaves to the next. */
export type Live = z.infer<typeof live>;

const progress = { commands: z.array(command).max(1000), live };
const run = z.object({
  id: z.string().max(100),
  name: z.string().max(300),
  startedAt: z.number().min(0).max(8.64e15),
  ms: z.number().min(0).max(86_400_000),
  error: z.object({ name: z.string().max(100), message: z.string().max(1000) }).optional(),
});
const message = z.string().max(1000);
const values = z.record(z.string().max(300), z.json());

/** Where a run is as an action begins: told as its checkpoint. */
export const reached = z.object({
  ...progress,
  next: z.int().min(0),
  runs: z.array(run).max(200),
  startedAt: z.number(),
});

/** How a run ends. */
export const finished = z.object({
  ...progress,
  runs: z.array(run).max(200),
  stopped: z
    .discriminatedUnion('by', [
      z.object({ by: z.literal('failed'), at: z.int().min(0) }),
      z.object({
        by: z.literal('denied'),
        at: z.int().min(0),
        message,
        code: message.optional(),
        revoke: z.literal(['refresh_token', 'session', 'session_only']).optional(),
      }),
      z.object({ by: z.literal('invalid'), at: z.int().min(0), message, code: message.optional() }),
      z.object({ by: z.literal('redirect'), at: z.int().min(0), url: z.url({ protocol: /^https?$/ }).max(16_384) }),
      z.object({
        by: z.literal('prompt'),
        at: z.int().min(0),
        form: z.uuid(),
        /** As the action has named it. */
        id: z.string().max(300),
        fields: values,
        vars: values,
      }),
    ])
    .optional(),
});
export type Stopped = NonNullable<z.infer<typeof finished>['stopped']>;

/** What is kept while the customer is away. */
export const suspended = z.object({ action: z.uuid(), commands: progress.commands, live: live.omit({ cache: true }) });
