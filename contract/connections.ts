import { z } from 'zod';
import { strategy } from './connection-options.ts';
import { displayName, jsonObject, text } from './text.ts';

/** Name of a connection; it stands in `user_id`s and never changes. */
export const connectionName = z
  .string()
  .max(128)
  .regex(/^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$/);

/** At most ten names and short values of the operator's own. */
const metadata = z
  .record(text(255, 1), text(255))
  .refine((value) => Object.keys(value).length <= 10, 'Too many properties defined, maximum 10');

const details = {
  display_name: displayName(128),
  /** Client ids of the portals that offer the connection. */
  enabled_clients: z.array(text(128, 1)).max(10_000),
  /** Show a button for it; without, a portal must ask for it by name (`connection=`). */
  show_as_button: z.boolean(),
  /** Names under which the password-realm grant finds it; its own name where left out. */
  realms: z.array(text(128, 1)).max(100),
  metadata,
};

/** What makes a connection; `options` are checked by its strategy (`acceptedOptions`). */
export const connectionDraft = z
  .strictObject({
    name: connectionName,
    strategy,
    options: jsonObject.optional(),
    ...z.object(details).partial().shape,
  })
  .meta({ id: 'ConnectionDraft' });
export type ConnectionDraft = z.infer<typeof connectionDraft>;

/**
 * What changes a connection. `options` are replaced as a whole, but a secret that is left out stays as it is; its
 * name and strategy stay for ever.
 */
export const connectionPatch = z
  .strictObject({ options: jsonObject.nullable(), ...details })
  .partial()
  .meta({ id: 'ConnectionPatch' });
export type ConnectionPatch = z.infer<typeof connectionPatch>;

/** Turns a connection on or off for single portals (`PATCH /connections/{id}/clients`). */
export const enabledClientsPatch = z
  .array(z.strictObject({ client_id: text(128, 1), status: z.boolean() }))
  .min(1)
  .max(50);
export type EnabledClientsPatch = z.infer<typeof enabledClientsPatch>;

/** A connection as the API shows it, without secrets. */
export const connectionView = z
  .strictObject({
    id: z.string(),
    name: connectionName,
    strategy,
    display_name: z.string(),
    options: jsonObject,
    enabled_clients: z.array(z.string()),
    show_as_button: z.boolean(),
    realms: z.array(z.string()),
    metadata,
  })
  .meta({ id: 'Connection' });
