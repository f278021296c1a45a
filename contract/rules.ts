import { z } from 'zod';
import { language } from './brands.ts';
import { jsonObject } from './text.ts';

// Auth0's rules and rules-configs in Auth0's shapes; how they run, the library, versions and the log are ours.

const mostScript = 100 * 1024;

/** Code of the umbrella: the expression of one function. */
const script = z
  .string()
  .min(1)
  .refine((text) => new TextEncoder().encode(text).length <= mostScript, 'A script has at most 100 kB');

const name = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[a-zA-Z0-9]([ \-a-zA-Z0-9]*[a-zA-Z0-9])?$/);
/** Lower ones run first. */
const order = z.number().min(0).max(1_000_000_000);

const draft = { name, script, order, enabled: z.boolean() };

/** The one stage that there is: rules run when somebody has signed in. */
const stage = z.literal('login_success');

/** POST /rules. Without an order it runs after all others. Auth0's deploy tool sends the stage along. */
export const ruleDraft = z
  .strictObject({ ...draft, order: order.optional(), enabled: z.boolean().optional(), stage: stage.optional() })
  .meta({ id: 'RuleDraft' });

/** PATCH /rules/{id} */
export const rulePatch = z
  .strictObject(draft)
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'Too few properties defined (0), minimum 1')
  .meta({ id: 'RulePatch' });

/** A rule as Auth0 shows it. The script of a library rule is the library's, and is only read. */
export const rule = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    script: z.string(),
    order: z.number(),
    enabled: z.boolean(),
    stage,
  })
  .meta({ id: 'Rule' });
export type Rule = z.infer<typeof rule>;

/** Of a value of `configuration` only the key is shown. */
export const rulesConfig = z.strictObject({ key: z.string() }).meta({ id: 'RulesConfig' });

export const rulesConfigKey = z
  .string()
  .min(1)
  .max(127)
  .regex(/^[A-Za-z0-9_\-@*+:]*$/);

/** PUT /rules-configs/{key} */
export const rulesConfigDraft = z.strictObject({ value: z.string().max(20_000) }).meta({ id: 'RulesConfigDraft' });

/** What was just set, once: it is not shown again. */
export const rulesConfigSet = z.strictObject({ key: z.string(), value: z.string() }).meta({ id: 'RulesConfigSet' });

/** `refuse`: nobody signs in whom it failed for. `go_on`: as if it had not run. */
export const onFailure = z.literal(['refuse', 'go_on']);

/** In ms; null: only that of all rules together (2000 where its failure goes on). */
const ownDeadline = z.int().min(50).max(20_000).nullable();

/** How all rules run. */
export const rulesRunning = z
  .strictObject({
    /** Break glass: no rule runs, and nobody is refused for it. */
    skipped: z.boolean(),
    /** For all of them together, in ms. */
    deadline_ms: z.int().min(1000).max(20_000),
  })
  .meta({ id: 'RulesRunning' });
export const rulesRunningPatch = rulesRunning.partial().meta({ id: 'RulesRunningPatch' });

/** How a rule or an action did. What refuses a sign-in as it is meant to is no error; times are of those that ran. */
export const lastHour = z.strictObject({
  runs: z.int(),
  refusals: z.int(),
  errors: z.int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
});
export type LastHour = z.infer<typeof lastHour>;

/** How a rule runs, and how it did within the last hour. Times are in ms. */
export const ruleRunning = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    order: z.number(),
    enabled: z.boolean(),
    on_failure: onFailure,
    deadline_ms: ownDeadline,
    /** Id of a library rule; null: code of your own. */
    library: z.string().nullable(),
    /** What the form of a library rule was filled in with, without what is secret. */
    settings: jsonObject.nullable(),
    /** Secret settings that have a value. */
    secret_settings: z.array(z.string()),
    version: z.int(),
    updated_at: z.iso.datetime(),
    last_hour: lastHour,
  })
  .meta({ id: 'RuleRunning' });
export type RuleRunning = z.infer<typeof ruleRunning>;

/** All rules in the order in which they run. */
export const ruleRunningList = z
  .strictObject({ ...rulesRunning.shape, rules: z.array(ruleRunning) })
  .meta({ id: 'RuleRunningList' });

/**
 * PATCH /rules/{id}/running; `settings` of library rules as a whole, but for secret ones, which stay when left out. With
 * `if_version` only if it is still that version.
 */
export const ruleRunningPatch = z
  .strictObject({ on_failure: onFailure, deadline_ms: ownDeadline, settings: jsonObject, if_version: z.int().min(1) })
  .partial()
  .meta({ id: 'RuleRunningPatch' });

/** PUT /rules/order: the ids of all rules. */
export const rulesOrder = z.strictObject({ ids: z.array(z.string().max(64)).max(1000) }).meta({ id: 'RulesOrder' });

/** GET /rules/library/values: a value that a ready rule keeps of customers, as people read it. */
export const libraryValue = z
  .strictObject({
    /** Id of the rule. */
    library: z.string(),
    path: z.string(),
    /** What it is called, by language. */
    labels: z.partialRecord(language, z.string()),
    /** `country`: it is the code of one. */
    type: z.literal('country').nullable(),
    /** What it, or each in a list, may be, with what that is called. */
    choices: z.array(z.strictObject({ value: z.string(), labels: z.partialRecord(language, z.string()) })).nullable(),
  })
  .meta({ id: 'LibraryValue' });
export type LibraryValue = z.infer<typeof libraryValue>;

/** A ready rule. `settings`: JSON Schema of its form; `title` is a field's label, `secret` is never shown again. */
export const libraryRule = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    does: z.string(),
    why: z.string(),
    needs: z.string(),
    /** It does nothing for a customer who did not consent to this purpose. */
    needs_consent: z.string().nullable(),
    /** In a few words: why it needs that consent, or none. */
    consent_why: z.string(),
    /** A yes to one topic of the purpose is enough: those of networks are asked for on the way there. */
    topic_is_enough: z.boolean(),
    calls_outside: z.boolean(),
    /** Only who may write code switches it on and off, or fills in its form. */
    needs_code: z.boolean(),
    settings: jsonObject,
    on_failure: onFailure,
    deadline_ms: z.int(),
    script: z.string(),
  })
  .meta({ id: 'LibraryRule' });
export type LibraryRule = z.infer<typeof libraryRule>;

/** POST /rules/library: what is left out is as the library has it. */
export const libraryRuleDraft = z
  .strictObject({
    library: z.string().min(1).max(100),
    settings: jsonObject.default({}),
    name: name.optional(),
    order: order.optional(),
    enabled: z.boolean().optional(),
    on_failure: onFailure.optional(),
    deadline_ms: z.int().min(50).max(20_000).optional(),
  })
  .meta({ id: 'LibraryRuleDraft' });

/** A save of a rule. */
export const ruleVersionLine = z
  .strictObject({
    version: z.int(),
    name: z.string(),
    saved_by: z.strictObject({ id: z.string(), name: z.string() }),
    saved_at: z.iso.datetime(),
    /** The version that it brought back. */
    restored: z.int().nullable(),
  })
  .meta({ id: 'RuleVersionLine' });

/** What a rule was then. */
export const ruleVersion = ruleVersionLine
  .extend({
    script: z.string().nullable(),
    settings: jsonObject.nullable(),
    on_failure: onFailure,
    deadline_ms: ownDeadline,
  })
  .meta({ id: 'RuleVersion' });
export type RuleVersion = z.infer<typeof ruleVersion>;

const level = z.literal(['debug', 'info', 'log', 'warn', 'error']);

/** Something that a rule or an action printed; `rule` is its id. */
export const ruleLine = z
  .strictObject({
    number: z.string(),
    rule: z.string(),
    user_id: z.string().nullable(),
    at: z.iso.datetime(),
    level,
    line: z.string(),
  })
  .meta({ id: 'RuleLine' });
export type RuleLine = z.infer<typeof ruleLine>;

/** GET /rules/try/input: what to try a script with, as a rule is given it at a sign-in. */
export const ruleTryInput = z.strictObject({ user: jsonObject, context: jsonObject }).meta({ id: 'RuleTryInput' });

/** POST /rules/try: nothing of it is kept. `configuration` is what you say here, and never what is stored. */
export const ruleTry = z
  .strictObject({
    script,
    user: jsonObject,
    context: jsonObject.default({}),
    configuration: z.record(z.string(), z.string()).default({}),
  })
  .meta({ id: 'RuleTry' });

/**
 * What came of it. `calls`: what the script called: HTTP was called; metadata was not written, and what would have been
 * is told, of half a million characters in all (`left_out` says how many the rest have).
 */
export const ruleTried = z
  .strictObject({
    user: jsonObject,
    context: jsonObject,
    error: z.strictObject({ name: z.string(), message: z.string(), line: z.int().min(1).optional() }).nullable(),
    console: z.array(z.strictObject({ level, line: z.string() })),
    calls: z.array(jsonObject),
    /** The script's own time. */
    duration_ms: z.number(),
  })
  .meta({ id: 'RuleTried' });
