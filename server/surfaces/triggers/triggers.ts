// Where the umbrella's actions are run beside a sign-in: what they are told, and what comes of it. The face of this
// surface: what other surfaces and the top may use of its files.
export { deadlineOf, hostOf, keepRuns } from './code.ts';
export { type Circumstances, clientOf, connectionOf, eventOf, profileOf, tenantOf, toJson } from './event.ts';
export {
  eventAfter,
  eventOfMachine,
  eventOfMessage,
  eventOfRegistration,
  type Registration,
} from './events.ts';
export { answerOwn, handInOwnServer, ownUrl } from './own-server.ts';
export { carryByAction } from './phone-message.ts';
export { beforeRegistration } from './registration.ts';
export { runActionsLater } from './run-later.ts';
