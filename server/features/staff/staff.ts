// People of the umbrella who use the console: who they are, what they may do, how they come in.
export { type Access, type Powers, powersOf, type RoleGrant, refuseMore } from './access.ts';
export { forgetBrand } from './brands-store.ts';
export {
  addTotp,
  checkFactor,
  factorIsRequired,
  firstRecoveryCodes,
  renewRecoveryCodes,
  requireFactor,
} from './factors.ts';
export {
  addStaff,
  administratorLink,
  becomeAdministrator,
  ensureStaff,
  firstAdministratorLink,
} from './first-administrator.ts';
export { limits as staffLimits } from './guess.ts';
export {
  acceptInvitation,
  getInvitation,
  type InvitationDraft,
  invite,
  lookAtInvitation,
  type PowersOfMachine,
  revokeInvitation,
} from './invitations.ts';
export {
  changePassword,
  completeReset,
  completeUnblock,
  mailResetLink,
  mailStaffUnblockLink,
  type NoteOf,
  startReset,
} from './links.ts';
export { addStaffPasskey, beginStaffPasskey, beginStaffUse, checkStaffPasskey, readStaffPasskey } from './passkeys.ts';
export { checkPassword, confirmPassword, staffPasswordLength } from './password.ts';
export { everyPath, pathRule } from './path-rule.ts';
export { changeStaff, endStaffSession, getStaff, removeStaff, type StaffPatch } from './people.ts';
export { countStaff, readStaffPage, type Staff } from './people-store.ts';
export { changeRole, createRole, getRole, type Role, removeRole } from './roles.ts';
export { countRoles, readRoles } from './roles-store.ts';
export {
  deleteSession,
  deleteSessionById,
  deleteSessionsOf,
  findSession,
  type ListedSession,
  lookAtSession,
  readSessions,
  type SignedIn,
} from './session-store.ts';
export { type Door, type From, hasFactor, passEnrolment, passFactor, passPasskey, passPassword } from './sign-in.ts';
export { findStep, type Step } from './step-store.ts';
export { countInvitations, readInvitations, readTicket, type Ticket } from './ticket-store.ts';
export { removeWay } from './ways.ts';
export { readWays, type StaffWay } from './ways-store.ts';
