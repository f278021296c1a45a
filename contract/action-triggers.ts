/** Where actions run. */
export const triggerIds = [
  'post-login',
  'pre-user-registration',
  'post-user-registration',
  'post-change-password',
  'credentials-exchange',
  'send-phone-message',
] as const;
export type TriggerId = (typeof triggerIds)[number];

/** What an action's code may export for a trigger, and which members of `api` work in it. */
export type Trigger = {
  readonly version: string;
  /** What is called at the trigger. */
  readonly execute: string;
  /** What is called when the customer comes back from where the action sent them. */
  readonly resume?: string;
  readonly members: readonly string[];
  /** What `event` has there, by Auth0's names and ours. */
  readonly event: readonly string[];
  /** What it has only where that is meant. */
  readonly eventMay?: readonly string[];
};

const cache = ['cache.delete', 'cache.get', 'cache.set'] as const;
const everywhere = ['configuration', 'custom_domain', 'request', 'secrets', 'tenant', 'transaction'] as const;
const ofPerson = [...everywhere, 'authentication', 'connection', 'user'] as const;

const table = {
  'post-login': {
    version: 'v3',
    execute: 'onExecutePostLogin',
    resume: 'onContinuePostLogin',
    members: [
      ...cache,
      'access.deny',
      'accessToken.addScope',
      'accessToken.removeScope',
      'accessToken.setCustomClaim',
      'authentication.challengeWith',
      'authentication.challengeWithAny',
      'authentication.enrollWith',
      'authentication.enrollWithAny',
      'authentication.recordMethod',
      'authentication.setPrimaryUser',
      'idToken.setCustomClaim',
      'multifactor.enable',
      'prompt.render',
      'redirect.canRedirect',
      'redirect.encodeToken',
      'redirect.sendUserTo',
      'redirect.validateToken',
      'refreshToken.revoke',
      'rules.wasExecuted',
      'session.revoke',
      'transaction.setMetadata',
      'user.setAppMetadata',
      'user.setUserMetadata',
      'validation.error',
    ],
    event: [...ofPerson, 'authorization', 'client', 'regulars', 'security_context', 'stats'],
    eventMay: ['prompt', 'refresh_token', 'resource_server', 'session'],
  },
  'pre-user-registration': {
    version: 'v2',
    execute: 'onExecutePreUserRegistration',
    members: [...cache, 'access.deny', 'user.setAppMetadata', 'user.setUserMetadata', 'validation.error'],
    event: [...ofPerson, 'client', 'security_context'],
  },
  'post-user-registration': {
    version: 'v2',
    execute: 'onExecutePostUserRegistration',
    members: cache,
    event: [...ofPerson, 'client', 'security_context'],
  },
  'post-change-password': {
    version: 'v2',
    execute: 'onExecutePostChangePassword',
    members: cache,
    event: [...ofPerson, 'client'],
  },
  'credentials-exchange': {
    version: 'v2',
    execute: 'onExecuteCredentialsExchange',
    members: [
      ...cache,
      'access.deny',
      'accessToken.setCustomClaim',
      'transaction.addTargetScope',
      'transaction.clearTargetScopes',
      'transaction.removeTargetScope',
      'transaction.setTargetScopes',
    ],
    event: [...everywhere, 'accessToken', 'client', 'resource_server'],
  },
  'send-phone-message': {
    version: 'v2',
    execute: 'onExecuteSendPhoneMessage',
    members: cache,
    event: [...everywhere, 'client', 'message_options', 'security_context', 'user'],
  },
} as const satisfies Readonly<Record<TriggerId, Trigger>>;

export const triggers: Readonly<Record<TriggerId, Trigger>> = table;

/** A member of `api` that works at some trigger. */
export type ApiMember = (typeof table)[TriggerId]['members'][number];

/** Those that work at this one. */
export function apiMembersAt(trigger: TriggerId): readonly ApiMember[] {
  return table[trigger].members;
}
