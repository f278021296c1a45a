import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { upsertReadyRole } from './roles-store.ts';

/** A role that is there from the start. `scopes` may end in `*`: all that begin so and are none of `without`. */
type ReadyRole = {
  readonly ready: string;
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly without?: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
};

/** The role that may do everything; it stays as it is. */
export const administrator = 'administrator';

// What colleagues tell each other about a customer. Of notes, who may write them changes and deletes their own.
const talk = [
  ...['read:user_notes', 'create:user_notes', 'read:user_tags', 'create:user_tags', 'delete:user_tags'],
  ...['read:user_follow_ups', 'create:user_follow_ups', 'update:user_follow_ups', 'delete:user_follow_ups'],
];
// What opens other doors, or shows what is nobody's to see.
const keys = ['read:client_keys', 'read:user_idp_tokens', 'read:outbox_secrets'];

export const readyRoles: readonly ReadyRole[] = [
  {
    ready: administrator,
    name: 'Administrator',
    description: 'May do everything.',
    scopes: ['*'],
    reads: ['*'],
    writes: ['*'],
  },
  {
    ready: 'developer',
    name: 'Developer',
    description: 'Connects portals, networks and machines; sees customers without what is sensitive.',
    scopes: [
      ...['read:clients', 'create:clients', 'update:clients', 'delete:clients', ...keys.slice(0, 1)],
      ...['update:client_keys', 'read:client_grants', 'create:client_grants', 'update:client_grants'],
      ...['delete:client_grants', 'read:resource_servers', 'create:resource_servers', 'update:resource_servers'],
      ...['delete:resource_servers', 'read:connections', 'create:connections', 'update:connections'],
      ...['delete:connections', 'read:brands', 'update:brands', 'read:attributes', 'create:attributes'],
      ...['update:attributes', 'read:consents', 'read:umbrella', 'read:users', 'read:logs', 'read:logs_users'],
      ...['read:authentication_methods', 'read:stores', 'read:mail_templates', 'read:outbox', 'read:signing_keys'],
      ...['read:enrichment', 'update:enrichment', 'read:rules', 'read:rules_configs', 'read:actions'],
    ],
    // Code at sign-in sees and writes every attribute: to write it takes a role that may do so, too.
    reads: ['*', '-sensitive'],
    writes: [],
  },
  {
    ready: 'marketer',
    name: 'Marketer',
    description: 'Sees customers and what they do, shapes brands, texts and consents, switches on ready rules.',
    scopes: [
      ...['read:users', 'read:logs_users', 'read:brands', 'update:brands', 'read:attributes', 'create:attributes'],
      ...['update:attributes', 'read:consents', 'create:consents', 'update:consents', 'read:clients'],
      ...['read:connections', 'read:stores', 'read:mail_templates', 'update:mail_templates', 'delete:mail_templates'],
      // Ready rules, by their forms: code takes the right to write everything.
      ...['read:enrichment', 'read:rules', 'create:rules', 'update:rules'],
      ...['read:questions', 'create:questions', 'update:questions', 'delete:questions'],
    ],
    reads: ['*'],
    writes: [],
  },
  {
    ready: 'associate',
    name: 'Associate',
    description: 'Recognises customers in the store; sees nothing sensitive.',
    scopes: ['read:users', 'read:logs_users', 'read:brands', 'read:attributes', 'read:stores', ...talk],
    reads: ['*', '-sensitive', '-app_metadata.income*'],
    writes: [],
  },
  {
    ready: 'support',
    name: 'Support',
    description: 'Helps customers to get in: mails links, fixes addresses, unblocks, ends sessions.',
    scopes: [
      // No tickets: whoever holds one can sign in as the customer. Nor are factors removed: with another address, too, that
      // would open the account to whoever fixed it.
      ...['read:users', 'read:logs', 'read:logs_users', 'create:verification_emails', 'create:user_address_changes'],
      'delete:user_blocks',
      ...['read:sessions', 'delete:sessions', 'read:authentication_methods', ...talk],
      ...['read:brands', 'read:clients', 'read:connections', 'read:attributes'],
      ...['read:consents', 'read:stores', 'read:outbox', 'update:outbox'],
    ],
    reads: ['*', '-sensitive'],
    writes: [],
  },
  {
    ready: 'auditor',
    name: 'Auditor',
    description: 'Sees everything, changes nothing.',
    scopes: ['read:*'],
    without: keys,
    reads: ['*'],
    writes: [],
  },
];

/**
 * Makes the ready roles, and gives those that nobody changed the scopes of this version.
 *
 * @param every all scopes that operations ask for
 */
export async function ensureReadyRoles(tx: Db, every: readonly string[], at: Date): Promise<void> {
  for (const { scopes, without, ...role } of readyRoles) {
    await upsertReadyRole(tx, { ...role, id: uuid(), scopes: scopesOf(scopes, every, without), brands: null, at });
  }
}

function scopesOf(patterns: readonly string[], every: readonly string[], without: readonly string[] = []): string[] {
  return every.filter((scope) => {
    const isMeant = patterns.some((one) => (one.endsWith('*') ? scope.startsWith(one.slice(0, -1)) : one === scope));
    return isMeant && !without.includes(scope);
  });
}
