import type { Base } from '../../base/base.ts';
import type { JsonObject } from '../../base/json.ts';
import type { CarriedText } from '../../base/send-text.ts';
import type { Customer } from '../../features/customers/customers.ts';
import type { Portal } from '../../features/portals/portals.ts';
import { type Circumstances, clientOf, connectionOf, eventOf, userOf } from './event.ts';

// The event of each trigger but post-login, whose is the sign-in's.

type Ground = Pick<Base, 'config' | 'db' | 'geo' | 'settings'>;
type ToldPortal = Pick<Portal, 'client_id' | 'name' | 'settings'> | undefined;

/** Somebody who is about to become a customer. */
export type Registration = Circumstances & {
  /** What is known of them, by its names in the API; never a password. */
  readonly user: JsonObject;
  /** Name of the connection. */
  readonly connection: string;
  readonly portal?: ToldPortal;
  /** `event.transaction`, where there is one. */
  readonly transaction?: JsonObject | undefined;
  readonly at: Date;
};

/** `event` at pre-user-registration. */
export async function eventOfRegistration(base: Ground, registration: Registration): Promise<JsonObject> {
  const { user, connection, portal, transaction = {} } = registration;
  return eventOf(base, registration, {
    authentication: { methods: [] },
    client: clientOf(portal),
    connection: await connectionOf(base, connection),
    security_context: {},
    transaction,
    user: { user_metadata: {}, app_metadata: {}, ...user },
  });
}

/** What is done by now, and what is told of it. */
export type DoneAct = {
  readonly trigger: 'post-user-registration' | 'post-change-password';
  readonly customer: Customer;
  /** Name of the connection, where it is known. */
  readonly connection: string | undefined;
  readonly portal: ToldPortal;
};

/** `event` at the triggers for which nobody waits. */
export async function eventAfter(base: Ground, about: Circumstances, act: DoneAct): Promise<JsonObject> {
  const { trigger, customer, connection, portal } = act;
  return eventOf(base, about, {
    authentication: { methods: [] },
    client: clientOf(portal),
    connection: await connectionOf(base, connection),
    ...(trigger === 'post-user-registration' && { security_context: {} }),
    user: await userOf(base, customer),
  });
}

/** `event` at send-phone-message; `customer`: whose message it is, if anybody's. */
export async function eventOfMessage(
  base: Ground,
  message: Omit<CarriedText, 'whose' | 'portal'>,
  { customer, portal }: { readonly customer: Customer | undefined; readonly portal: ToldPortal },
): Promise<JsonObject> {
  const { channel, to, text, code, purpose } = message;
  return eventOf(base, message, {
    client: clientOf(portal),
    message_options: {
      action: purpose === 'enrol_factor' ? 'enrollment' : 'second-factor-authentication',
      code,
      message_type: channel,
      recipient: to,
      text,
    },
    security_context: {},
    user: customer ? await userOf(base, customer) : { user_metadata: {}, app_metadata: {} },
  });
}

/** A machine's request for a token. */
export type MachineAsking = {
  readonly portal: NonNullable<ToldPortal>;
  readonly audience: string;
  readonly asked: readonly string[];
  /** What was asked for of what it was granted. */
  readonly wanted: readonly string[];
};

/** `event` at credentials-exchange. */
export function eventOfMachine(base: Ground, about: Circumstances, asking: MachineAsking): JsonObject {
  const { portal, audience, asked, wanted } = asking;
  return eventOf(base, about, {
    accessToken: { customClaims: {}, scope: wanted },
    client: clientOf(portal),
    resource_server: { identifier: audience },
    transaction: { requested_scopes: asked.filter((scope) => scope !== ''), target_scopes: wanted },
  });
}
