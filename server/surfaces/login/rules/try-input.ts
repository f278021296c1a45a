import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { TriggerId } from '../../../features/actions/actions.ts';
import { eventAfter, eventOfMachine, eventOfMessage, eventOfRegistration, profileOf } from '../../triggers/triggers.ts';
import { contextOfRules } from './context.ts';
import { eventOfLogin } from './event.ts';
import { exampleCustomer, exampleIdentity, examplePortal } from './examples.ts';
import type { Occasion } from './occasion.ts';
import { occasionOf, type Recorded } from './recorded.ts';
import { registrationOf } from './registering.ts';
import { showUser, userOfRules } from './user.ts';

/** Nobody's sign-in, for code that is tried without one. */
export function exampleRecorded(connection: string): Recorded {
  return {
    customer: exampleCustomer(),
    kept: { identities: [exampleIdentity(connection)], consents: [] },
    ...{ entry: undefined, portal: undefined, brand: undefined, language: undefined, connection },
    tellsFactors: false,
  };
}

/** `user` and `context` as a rule is given them at such a sign-in. */
export async function inputOfRules(base: Base, recorded: Recorded): Promise<{ user: JsonObject; context: JsonObject }> {
  const occasion = await occasionOf(base, recorded);
  const [context, shown] = await Promise.all([contextOfRules(base, occasion), showUser(base, occasion)]);
  return { user: userOfRules(occasion, shown), context };
}

/** `event` as an action at this trigger is given it for such a customer, but for its secrets. */
export async function eventToTry(base: Base, trigger: TriggerId, recorded: Recorded): Promise<JsonObject> {
  const occasion = await occasionOf(base, recorded);
  const { customer, connection, visit } = occasion;
  const { ip, userAgent, language, portal } = visit;
  const about = { ip, userAgent, language };
  switch (trigger) {
    case 'post-login':
      return eventOfLogin(base, occasion, await showUser(base, occasion));
    case 'pre-user-registration':
      return eventOfRegistration(base, registrationOf(visit, connection, newcomerOf(occasion)));
    case 'post-user-registration':
    case 'post-change-password':
      return eventAfter(base, about, { trigger, customer, connection, portal });
    case 'send-phone-message': {
      const code = '123456';
      const to = customer.phone_number ?? '+14155550100';
      const message = {
        ...about,
        channel: 'sms',
        to,
        code,
        text: `${code} is your code.`,
        purpose: undefined,
      } as const;
      return eventOfMessage(base, message, { customer, portal });
    }
    case 'credentials-exchange': {
      const asked = ['read:users'];
      const audience = `${base.config.issuer}api/v2/`;
      return eventOfMachine(base, { ip }, { portal: examplePortal(true), audience, asked, wanted: asked });
    }
  }
}

/** As they were before there was anything of them. */
function newcomerOf({ customer }: Occasion): JsonObject {
  const { created_at: _c, updated_at: _u, last_password_reset: _l, ...known } = profileOf(customer);
  return known;
}
