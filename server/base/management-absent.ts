// What Auth0's Management API has, by its paths and by the names that its own client (npm `auth0`, 2.x to 7.x) gives to
// them, and the one of this server has not.

/** First parts of paths. */
export const absentAtTop: ReadonlySet<string> = new Set([
  'blacklists',
  'branding',
  'connection-profiles',
  'custom-domains',
  'device-credentials',
  'email-templates',
  'emails',
  'event-streams',
  'events',
  'experimentation',
  'flows',
  'forms',
  'grants',
  'groups',
  'guardian',
  'hooks',
  'log-streams',
  'logs',
  'network-acls',
  'organizations',
  'prompts',
  'rate-limit-policies',
  'refresh-tokens',
  'risk-assessments',
  'roles',
  'self-service-profiles',
  'stats',
  'supplemental-signals',
  'tenants',
  'token-exchange-profiles',
  'user-attribute-profiles',
  'verifiable-credentials',
]);

/** What comes behind `/users/{id}/`. */
export const absentOfUser: ReadonlySet<string> = new Set([
  'authenticators',
  'connected-accounts',
  'effective-permissions',
  'effective-roles',
  'enrollments',
  'federated-connections-tokensets',
  'groups',
  'multifactor',
  'organizations',
  'permissions',
  'recovery-code-regeneration',
  'refresh-tokens',
  'revoke-access',
  'risk-assessments',
  'roles',
]);

const groups: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...absentAtTop].map((one) => [inCamelCase(one), one])),
  blacklistedTokens: 'blacklists',
  emailProvider: 'emails',
  tenant: 'tenants',
  userGrants: 'grants',
};

const groupsOfUser: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...absentOfUser].map((one) => [inCamelCase(one), one])),
  refreshToken: 'refresh-tokens',
};

const ofUser: Readonly<Record<string, string>> = {
  ...named('roles', 'getRoles assignRoles removeRoles deleteRoles'),
  ...named('permissions', 'getPermissions assignPermissions removePermissions deletePermissions'),
  ...named('organizations', 'getUserOrganizations'),
  ...named('enrollments', 'getEnrollments getGuardianEnrollments'),
  ...named('multifactor', 'deleteMultifactorProvider invalidateRememberBrowser'),
  ...named('recovery-code-regeneration', 'regenerateRecoveryCode'),
  ...named('authenticators', 'deleteAllAuthenticators'),
  ...named('refresh-tokens', 'getRefreshTokens deleteRefreshTokens'),
  ...named('connected-accounts', 'getConnectedAccounts'),
  ...named('federated-connections-tokensets', 'getAllTokensets deleteTokenset'),
  ...named('risk-assessments', 'clearRiskAssessors'),
  ...named('revoke-access', 'revokeAccess'),
};

// Of the client's first majors, which had all in one.
const flatOfUser: Readonly<Record<string, string>> = {
  ...named('roles', 'getUserRoles assignRolestoUser removeRolesFromUser'),
  ...named('permissions', 'getUserPermissions assignPermissionsToUser removePermissionsFromUser'),
  ...named('enrollments', 'getGuardianEnrollments'),
  ...named('multifactor', 'deleteUserMultifactor deleteUserMultifcator invalidateRememberBrowser'),
  ...named('recovery-code-regeneration', 'regenerateRecoveryCode'),
};
const flat: Readonly<Record<string, string>> = {
  ...named('roles', 'getRoles getRole createRole updateRole deleteRole assignUsersToRole getUsersInRole'),
  ...named('roles', 'getPermissionsInRole addPermissionsInRole removePermissionsFromRole'),
  ...named('blacklists', 'getBlacklistedTokens blacklistToken'),
  ...named('grants', 'getGrants deleteGrant'),
  ...named('guardian', 'getGuardianEnrollment deleteGuardianEnrollment createGuardianEnrollmentTicket'),
  ...named('guardian', 'getGuardianFactors getGuardianPolicies'),
  ...named('logs', 'getLogs getLog'),
  ...named('stats', 'getActiveUsersCount getDailyStats'),
  ...named('tenants', 'getTenantSettings updateTenantSettings'),
};

// Names that nobody else is likely to give: they are known without whose method it is.
const isDistinct = new Set([
  ...Object.keys(flatOfUser),
  'assignUsersToRole',
  'getUsersInRole',
  'getPermissionsInRole',
  'addPermissionsInRole',
  'removePermissionsFromRole',
  'roles.assignUsers',
  'organizations.addMembers',
  'organizations.addMemberRoles',
  'organizations.getMemberRoles',
  'organizations.members.create',
  'organizations.members.roles.assign',
  'organizations.members.roles.list',
]);

// What finds others, joins them, or does more than read and change the one who signs in.
const ofOthers = new Set(['getUsers', 'getUsersByEmail', 'linkUsers', 'unlinkUsers', 'sendEmailVerification']);
const ofOtherUsers = new Set(['getAll', 'list', 'getByEmail', 'listUsersByEmail', 'link', 'unlink']);

/** What a method needs: a path that is not there, or more than reading and changing the customer who signs in. */
export type Need = { readonly absent: string } | 'others';

/**
 * What the client's method needs that is not there, or not for all code; undefined: nothing.
 *
 * @param names as they are written behind the client, such as `users`, `roles`, `assign`
 */
export function neededBy(names: readonly string[]): Need | undefined {
  const [group = '', second = '', third] = names;
  if (group === 'users' && second !== '') {
    const part = third === undefined ? of(ofUser, second) : of(groupsOfUser, second);
    if (part !== undefined) return { absent: `/users/{id}/${part}` };
    const isOfOthers = third === undefined ? ofOtherUsers.has(second) : second === 'identities';
    return isOfOthers ? 'others' : undefined;
  }
  if (group === 'usersByEmail' && second !== '') return 'others';
  if (group === 'jobs' && second === 'verifyEmail') return 'others';
  if (second !== '') return below(of(groups, group));
  const part = of(flatOfUser, group);
  if (part !== undefined) return { absent: `/users/{id}/${part}` };
  return ofOthers.has(group) ? 'others' : below(of(flat, group));
}

/**
 * The same of an object of which is not known whether it is the client: only names that are hardly anybody else's count.
 *
 * @param names as they are written, the last of them that of the method
 */
export function likelyNeededBy(names: readonly string[]): Need | undefined {
  const at = names.findLastIndex((name) => ['users', 'usersByEmail', 'organizations', 'roles'].includes(name));
  // `users.roles.assign`, `organizations.members.roles.list`: the outer one counts.
  const from = names.findLastIndex((name, place) => place < at && ['users', 'organizations'].includes(name));
  const group = names.slice(from >= 0 ? from : at);
  const path = group.join('.');
  // What lists users is called `users.list` by many.
  if (at >= 0 && ((/^users(ByEmail)?\./.test(path) && path !== 'users.list') || isDistinct.has(path))) {
    return neededBy(group);
  }
  const last = names.slice(-1);
  return last.some((name) => isDistinct.has(name) || (ofOthers.has(name) && name !== 'getUsers'))
    ? neededBy(last)
    : undefined;
}

function below(part: string | undefined): Need | undefined {
  return part === undefined ? undefined : { absent: `/${part}` };
}

function of(all: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

function named(part: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, part]));
}

function inCamelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
