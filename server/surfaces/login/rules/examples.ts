import { now } from '../../../base/clock.ts';
import type { Brand } from '../../../features/brands/brands.ts';
import { type Customer, type KeptIdentity, withDefaults } from '../../../features/customers/customers.ts';
import { defaultSettings, type Portal } from '../../../features/portals/portals.ts';

// What code is tried with where there is no sign-in, or whoever tries it may not see that part of it.

const subject = '00000000-0000-7000-8000-000000000000';

/** Somebody who signs in for the first time. */
export function exampleCustomer(): Customer {
  const [given_name, family_name] = ['Ada', 'Example'];
  const name = `${given_name} ${family_name}`;
  const email = 'ada@example.com';
  return {
    ...{ id: subject, user_id: 'auth0|example', email, email_verified: true },
    ...{ phone_number: null, phone_verified: false, username: null, name, given_name, family_name },
    attributes: withDefaults({ email, name, given_name, family_name }),
    ...{ user_metadata: {}, app_metadata: {}, brand_values: {}, logins_count: 0, last_login: null, last_ip: null },
    ...{ last_password_reset: null, last_asked_at: null, blocked: false, erase_at: null, era: 0 },
    ...{ created_at: now(), updated_at: now() },
  };
}

/** Their one way in. */
export function exampleIdentity(connection: string): KeptIdentity {
  const identity = { subject, provider: 'auth0', connection, user_id: 'example', is_social: false, is_primary: true };
  return { identity: { ...identity, profile_data: {}, created_at: now() }, sealedTokens: undefined };
}

/** A brand that is none, with what else this one has. */
export function exampleBrand(brand: Brand): Brand {
  return { ...brand, id: 'a-brand', slug: 'a-brand', name: 'A brand' };
}

/** A site, or a machine. */
export function examplePortal(isMachine = false): Portal {
  const app_type = isMachine ? 'non_interactive' : 'regular_web';
  return {
    ...{ client_id: isMachine ? 'a-machine' : 'a-portal', name: isMachine ? 'A machine' : 'A portal', brand: null },
    ...{ app_type, secret_hash: null, is_machine: isMachine, is_account: false },
    settings: { ...defaultSettings(app_type), callbacks: ['https://shop.example/callback'] },
    ...{ created_at: now(), updated_at: now() },
  };
}
