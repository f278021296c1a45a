import { type TriggerId, triggerIds, triggers } from '../../../contract/action-triggers.ts';

export { type TriggerId, triggerIds, triggers };

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
