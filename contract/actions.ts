import { z } from 'zod';
import { lastHour } from './rules.ts';
import { text } from './text.ts';

/** Where actions run, by Auth0's names; other triggers of Auth0 are refused by their name. */
export const triggerId = z.literal([
  'post-login',
  'credentials-exchange',
  'pre-user-registration',
  'post-user-registration',
  'post-change-password',
  'send-phone-message',
]);
export type TriggerId = z.infer<typeof triggerId>;

/** Any of Auth0's runtimes: all run as Node 22 does. */
const runtime = z.literal(['node12', 'node16', 'node18', 'node18-actions', 'node22']);

/** 100 kB. Control characters are the code's own business. */
const code = z
  .string()
  .max(100_000)
  .refine((value) => !value.includes('\0') && value.isWellFormed(), 'The code is not text');

/** A trigger as it is sent: what is told beside its id is the server's to say, and is taken as it was shown. */
const triggerDraft = z.strictObject({
  id: triggerId,
  version: z.literal(['v1', 'v2', 'v3']).optional(),
  status: z.string().max(100).optional(),
  runtimes: z.array(z.string().max(100)).max(20).optional(),
  default_runtime: z.string().max(100).optional(),
  compatible_triggers: z
    .array(z.looseObject({ id: z.string().max(100) }))
    .max(20)
    .optional(),
  binding_policy: z.literal('trigger-bound').optional(),
});

const dependency = z.strictObject({
  name: text(214, 1).regex(/^(@[\w.-]+\/)?[\w.-]+$/),
  version: text(100, 1).regex(/^[\w.+-]+$/),
});

/** Packages are those that an operator has installed here, all of them from the public registry. */
export function isPublicRegistry(url: string): boolean {
  return /^(https:\/\/registry\.npmjs\.org\/?)?$/.test(url);
}

/** What is said of another. */
export const otherRegistry =
  'Packages of another registry than https://registry.npmjs.org are not had here: an operator can add them';

/** As it is sent. */
const dependencyDraft = z.strictObject({
  ...dependency.shape,
  registry_url: z.string().max(2048).refine(isPublicRegistry, { message: otherRegistry }).nullish(),
});

/** Without a value it keeps the one that it has. */
const secretDraft = z.strictObject({ name: text(128, 1), value: z.string().max(4096).optional() });

const draft = {
  name: text(300, 1),
  /** One: each action is for one trigger. */
  supported_triggers: z.array(triggerDraft).length(1),
  code,
  dependencies: z.array(dependencyDraft).max(100),
  runtime,
  secrets: z.array(secretDraft).max(100),
  modules: z.array(z.never()).max(0),
  /** What becomes of the act when it fails or is late: it is refused, or goes on without it. */
  on_failure: z.literal(['refuse', 'go_on']),
};

export const actionDraft = z
  .strictObject({
    ...draft,
    code: draft.code.default('module.exports = () => {}'),
    dependencies: draft.dependencies.default([]),
    runtime: draft.runtime.default('node22'),
    secrets: draft.secrets.default([]),
    modules: draft.modules.optional(),
    on_failure: draft.on_failure.default('refuse'),
    /** At once, too. */
    deploy: z.boolean().default(false),
  })
  .meta({ id: 'ActionDraft' });
export type ActionDraft = z.infer<typeof actionDraft>;

export const actionPatch = z.strictObject(draft).partial().meta({ id: 'ActionPatch' });
export type ActionPatch = z.infer<typeof actionPatch>;

const trigger = z.strictObject({
  id: triggerId,
  version: z.string(),
  status: z.string(),
  runtimes: z.array(z.string()),
  default_runtime: z.string(),
  compatible_triggers: z.array(z.strictObject({ id: triggerId, version: z.string() })),
  binding_policy: z.literal('trigger-bound'),
});

export const triggerList = z.strictObject({ triggers: z.array(trigger) }).meta({ id: 'ActionTriggerList' });
export type ShownTrigger = z.infer<typeof trigger>;

const secret = z.strictObject({ name: z.string(), updated_at: z.iso.datetime() });
const written = {
  code: z.string(),
  dependencies: z.array(dependency),
  runtime: z.string(),
  secrets: z.array(secret),
  status: z.literal('built'),
  built_at: z.iso.datetime(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  supported_triggers: z.array(trigger),
  modules: z.array(z.never()),
};
const version = { ...written, id: z.uuid(), action_id: z.uuid(), deployed: z.boolean(), number: z.int() };

/** An action as the API shows it. */
export const action = z
  .strictObject({
    ...written,
    id: z.uuid(),
    name: z.string(),
    all_changes_deployed: z.boolean(),
    deployed_version: z.strictObject(version).optional(),
    on_failure: draft.on_failure,
  })
  .meta({ id: 'Action' });
export type Action = z.infer<typeof action>;

const baseAction = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  supported_triggers: z.array(trigger),
  all_changes_deployed: z.boolean(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

/** What was deployed once. */
export const actionVersion = z
  .strictObject({
    ...version,
    /** Null where nobody kept who it was. */
    deployed_by: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
    errors: z.array(z.never()),
    action: baseAction,
  })
  .meta({ id: 'ActionVersion' });
export type ActionVersion = z.infer<typeof actionVersion>;

/** `update_draft`: it is what is being written from now on, too. */
export const rollback = z.strictObject({ update_draft: z.boolean().default(false) }).optional();

const totals = { total: z.int(), page: z.int(), per_page: z.int() };
export const actionList = z.strictObject({ ...totals, actions: z.array(action) }).meta({ id: 'ActionList' });
export const versionList = z
  .strictObject({ ...totals, versions: z.array(actionVersion) })
  .meta({ id: 'ActionVersionList' });

/** Which action is meant. */
const bindingRef = z.strictObject({
  type: z.literal(['binding_id', 'action_id', 'action_name']).default('action_name'),
  value: text(300, 1),
});

/** What runs at a trigger, in this order. */
export const bindingsDraft = z
  .strictObject({
    bindings: z
      .array(
        z.strictObject({
          ref: bindingRef,
          display_name: text(300, 1).optional(),
          /** Secrets are the action's. */
          secrets: z.array(z.never()).max(0).optional(),
        }),
      )
      .max(100)
      .default([]),
  })
  .meta({ id: 'ActionBindingsDraft' });

const binding = z.strictObject({
  id: z.uuid(),
  trigger_id: triggerId,
  display_name: z.string(),
  action,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export const bindings = z.strictObject({ bindings: z.array(binding) }).meta({ id: 'ActionBindings' });
export const bindingList = z.strictObject({ ...totals, bindings: z.array(binding) }).meta({ id: 'ActionBindingList' });
export type Binding = z.infer<typeof binding>;

type Json = z.core.util.JSONType;

/** What of an event is an object wherever it is there, at every trigger, and what is one in that. */
const objectsOfEvent: Readonly<Record<string, readonly string[]>> = {
  accessToken: ['customClaims'],
  authentication: [],
  authorization: [],
  client: ['metadata'],
  connection: ['metadata'],
  custom_domain: [],
  message_options: [],
  prompt: ['fields', 'vars'],
  refresh_token: ['device'],
  regulars: [],
  request: ['body', 'geoip', 'query'],
  resource_server: [],
  security_context: [],
  session: ['device'],
  stats: [],
  tenant: [],
  transaction: ['metadata'],
  user: ['app_metadata', 'user_metadata'],
};

/** `payload`: the event that it finds. */
export const actionTest = z
  .strictObject({
    payload: z.record(z.string(), z.json()).superRefine((event, context) => {
      for (const [name, parts] of Object.entries(objectsOfEvent)) {
        const member = expectObject(event[name], [name]);
        for (const part of parts) expectObject(member?.[part], [name, part]);
      }
      function expectObject(value: Json | undefined, path: string[]): Readonly<Record<string, Json>> | undefined {
        if (value === undefined || value === null) return undefined;
        if (typeof value === 'object' && !Array.isArray(value)) return value;
        context.addIssue({ code: 'invalid_type', expected: 'object', input: value, path });
        return undefined;
      }
    }),
  })
  .meta({ id: 'ActionTest' });

/** What the action would have done. */
export const actionTested = z
  .strictObject({
    payload: z.strictObject({
      asked: z.array(z.looseObject({ name: z.string() })),
      stopped: z.looseObject({ by: z.string() }).nullable(),
      error: z.strictObject({ name: z.string(), message: z.string(), line: z.int().min(1).optional() }).nullable(),
      console: z.array(z.strictObject({ level: z.string(), text: z.string() })),
      duration_ms: z.number(),
    }),
  })
  .meta({ id: 'ActionTested' });

/** How each action did within the last hour; those that did not run are not among them. */
export const actionsRunning = z
  .strictObject({ actions: z.array(z.strictObject({ id: z.uuid(), last_hour: lastHour })) })
  .meta({ id: 'ActionsRunning' });

/** How one run of a trigger ended. */
export const execution = z
  .strictObject({
    id: z.uuid(),
    trigger_id: triggerId,
    status: z.literal(['final', 'partial', 'suspended']),
    results: z.array(
      z.strictObject({
        action_name: z.string(),
        error: z.strictObject({ id: z.string(), msg: z.string() }).optional(),
        started_at: z.iso.datetime(),
        ended_at: z.iso.datetime(),
      }),
    ),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'ActionExecution' });
