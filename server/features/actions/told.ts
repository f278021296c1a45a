import { z } from 'zod';
import { foreignJson, isStorable, parsedJson, toStorable } from '../../base/json.ts';

// What comes out of the sandbox. The code there may have replaced anything, so all of it is looked at.

const json = parsedJson.refine((value) => isStorable(value));
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => isStorable(value));
/** What only tells something is no reason to fail. */
const told = (most: number) => z.string().max(most).transform(toStorable);
const name = text(4096);
// Whoever uses it leaves out what is none.
const scope = z.string().max(300);
const cacheEntry = z.object({ key: text(64), value: text(4096), expires_at: z.number() });

const command = z.discriminatedUnion('name', [
  z.object({ name: z.literal('accessToken.addScope'), scope }),
  z.object({ name: z.literal('accessToken.removeScope'), scope }),
  z.object({ name: z.literal('accessToken.setCustomClaim'), key: name, value: json.optional() }),
  z.object({ name: z.literal('authentication.recordMethod'), url: z.url({ protocol: /^https?$/ }).max(4096) }),
  z.object({ name: z.literal('authentication.setPrimaryUser'), userId: text(300) }),
  z.object({ name: z.literal('cache.delete'), key: name }),
  z.object({ name: z.literal('cache.set'), entry: cacheEntry }),
  z.object({
    name: z.literal('factor'),
    by: z.literal(['challenge', 'enrol']),
    factors: z.array(z.string().max(50)).max(20),
    choose: z.boolean(),
  }),
  z.object({ name: z.literal('idToken.setCustomClaim'), key: name, value: json.optional() }),
  z.object({ name: z.literal('multifactor.enable'), provider: z.string().max(50), allowRememberBrowser: z.boolean() }),
  z.object({ name: z.literal('user.setAppMetadata'), key: name, value: json }),
  z.object({ name: z.literal('user.setUserMetadata'), key: name, value: json }),
]);

/** One thing that an action asked for. */
export type Command = z.infer<typeof command>;

const live = z.object({
  /** `event.transaction.metadata` */
  metadata: z.record(z.string().max(64), z.union([z.string(), z.number(), z.boolean()])),
  /** Claims of a machine's token, which later actions see. */
  claims: z.record(z.string(), parsedJson),
  /** Scopes of a machine's token. */
  scopes: z.array(scope).max(1000),
  cache: z.array(cacheEntry).max(100),
});

/** What one action leaves to the next. */
export type Live = z.infer<typeof live>;

const progress = { commands: z.array(command).max(1000), live };
const run = z.object({
  /** Which action it is: whose name and id that are, the server knows. */
  at: z.int().min(0),
  startedAt: z.number().min(0).max(8.64e15),
  ms: z.number().min(0).max(86_400_000),
  error: z.object({ name: told(100), message: told(1000), line: z.int().positive().optional() }).optional(),
});
const message = told(1000);
const values = z.record(z.string().max(300), parsedJson);

const at = z.int().min(0);
const revoke = z.literal(['refresh_token', 'session', 'session_only']).optional();
/** Why the act is not to be: an action's decision, whatever becomes of the action afterwards. */
export const refusal = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('denied'),
    at,
    message,
    code: message.optional(),
    revoke,
  }),
  z.object({ by: z.literal('invalid'), at, message, code: message.optional(), revoke }),
]);

const begun = z.object({
  ...progress,
  next: z.int().min(0),
  runs: z.array(run).max(200),
  startedAt: z.number(),
  stopped: z.undefined().optional(),
});
const refusing = z.object({
  begun: z
    .string()
    .transform((text): unknown => foreignJson(text))
    .pipe(begun),
  stopped: refusal,
});

/** Where a run is, told as its checkpoint: as an action begins, and once it has refused. */
export const reached = z.union([begun, refusing.transform(({ begun, stopped }) => ({ ...begun, stopped }))]);

/** The same where what it has left cannot be read: nothing that ran before is run again for it. */
export const reachedAt = z.object({ next: at });

/** How a run ends. */
export const finished = z.object({
  ...progress,
  runs: z.array(run).max(200),
  stopped: z
    .discriminatedUnion('by', [
      z.object({ by: z.literal('failed'), at }),
      refusal,
      z.object({ by: z.literal('redirect'), at, url: z.url({ protocol: /^https?$/ }).max(16_384) }),
      z.object({
        by: z.literal('prompt'),
        at,
        form: z.uuid(),
        /** As the action has named it. */
        id: z.string().max(300),
        fields: values,
        vars: values,
      }),
    ])
    .optional(),
});
export type ToldRun = z.infer<typeof run>;
export type Stopped = NonNullable<z.infer<typeof finished>['stopped']>;

/** What is kept while the customer is away. */
export const suspended = z.object({
  action: z.uuid(),
  /** The version that sent them away. */
  version: z.uuid().optional(),
  /** The actions that ran before it. */
  ran: z.array(z.uuid()).default([]),
  commands: progress.commands,
  live: live.omit({ cache: true }),
});
