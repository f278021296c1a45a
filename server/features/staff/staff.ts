// People of the umbrella who use the console: who they are, what they may do, how they come in.
export { type Access, type Powers, powersOf, type RoleGrant, refuseMore } from './access.ts';
export { ensureStaff } from './first-administrator.ts';
export { checkPassword } from './password.ts';
export { allows, allowsAll, everyPath, type PathRule, pathRule } from './path-rule.ts';
export { getStaff } from './people.ts';
export type { Staff } from './people-store.ts';
export { deleteSession, findSession, type SignedIn } from './session-store.ts';
export { type From, letIn } from './sign-in.ts';
