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
};

const cache = ['cache.delete', 'cache.get', 'cache.set'];

export const triggers: Readonly<Record<TriggerId, Trigger>> = {
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
  },
  'pre-user-registration': {
    version: 'v2',
    execute: 'onExecutePreUserRegistration',
    members: [...cache, 'access.deny', 'user.setAppMetadata', 'user.setUserMetadata', 'validation.error'],
  },
  'post-user-registration': { version: 'v2', execute: 'onExecutePostUserRegistration', members: cache },
  'post-change-password': { version: 'v2', execute: 'onExecutePostChangePassword', members: cache },
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
  },
  'send-phone-message': { version: 'v2', execute: 'onExecuteSendPhoneMessage', members: cache },
};

/** Members of `api` that Auth0 has at some trigger and that work at none of ours, by their group. */
const unbuilt: Readonly<Record<string, readonly string[]>> = {
  authentication: ['setActor', 'setOrganization', 'setUserByConnection', 'setUserById'],
  access: ['rejectInvalidSubjectToken'],
  groups: ['getUserGroups', 'hasGroupMembership'],
  notification: ['drop', 'retry'],
  refreshToken: ['deleteMetadata', 'evictMetadata', 'setExpiresAt', 'setIdleExpiresAt', 'setMetadata'],
  roles: ['getUserEffectiveRoles', 'getUserEffectiveRolesByIds', 'getUserEffectiveRolesByNames'],
  samlResponse: [
    ...['setAttribute', 'setAudience', 'setAuthnContextClassRef', 'setCert', 'setCreateUpnClaim', 'setDestination'],
    ...['setDigestAlgorithm', 'setEncryptionAlgorithm', 'setEncryptionCert', 'setEncryptionPublicKey', 'setIssuer'],
    ...['setIncludeAttributeNameFormat', 'setKey', 'setLifetimeInSeconds', 'setMapIdentities'],
    ...['setMapUnknownClaimsAsIs', 'setNameIdentifierFormat', 'setNameIdentifierProbes', 'setSigningCert'],
    ...['setPassthroughClaimsWithNoMapping', 'setRecipient', 'setRelayState', 'setSignResponse'],
    ...['setSignatureAlgorithm', 'setTypedAttributes'],
  ],
  session: ['deleteMetadata', 'evictMetadata', 'setCookieMode', 'setExpiresAt', 'setIdleExpiresAt', 'setMetadata'],
  transaction: ['setResultUrl'],
};

const known: ReadonlySet<string> = new Set([
  ...triggerIds.flatMap((id) => triggers[id].members),
  ...Object.entries(unbuilt).flatMap(([group, names]) => names.map((name) => `${group}.${name}`)),
]);

/** Members of `api` that exist at Auth0 and do not work at this trigger. */
export function refusedMembers(trigger: TriggerId): string[] {
  const { members } = triggers[trigger];
  return [...known].filter((name) => !members.includes(name));
}
