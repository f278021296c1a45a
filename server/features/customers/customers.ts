/**
 * Customers: one person, one profile, the fold of the facts of its subjects. This is the face of the feature: other
 * folders import from here only.
 */
export type { FactSource } from '../../../contract/customers.ts';
export { setBlocked } from './block.ts';
export { insertMadeFor, isOfBrands, ofBrands } from './brands-store.ts';
export { browseCustomers, countBrowsed, hasIdentities, sortColumns } from './browse.ts';
export {
  type Attribute,
  createAttribute,
  getAttribute,
  listAttributes,
  removeAttribute,
  updateAttribute,
} from './catalogue.ts';
export { changedByCode } from './changed-by-code.ts';
export { type CustomerField, customerField, customerValue, valueAt } from './condition-fields.ts';
export { type Correction, correct } from './correct.ts';
export { addIdentity, createCustomer, type IdentityDraft } from './create.ts';
export type { Act, Customer, EndSessions, Identity } from './customer.ts';
export { type CustomerRow, customerColumns, toCustomer } from './customers-store.ts';
export { beginEra, holdEra } from './era.ts';
export { removeCustomer } from './erase.ts';
export { eraseLeftovers } from './erase-leftovers.ts';
export type { Erased, ErasureVerb } from './erased.ts';
export { dueForErasure, refuseErasing, setErasure } from './erasure-date.ts';
export { type Explained, explain } from './explain.ts';
export { type ExportVerb, exportAll, exportOf, exportPage, inPages } from './export.ts';
export type { AddressKind, FactDraft, Proof, ProofDraft } from './fact.ts';
export { type FactsJson, factsAsJson } from './facts-store.ts';
export { familyOf, livingOf, userIdsOf } from './family.ts';
export { beginSearchFilling, fillSearchWords } from './fill-search.ts';
export {
  countCustomers,
  customersByEmail,
  findById,
  findBySubject,
  findByUserId,
  findIdentitiesByProvider,
  findIdentity,
  findManyById,
  identitiesOf,
  identitiesOfMany,
  provenOwners,
  sealedTokensOf,
  subjectsOf,
} from './find.ts';
export { type IdentitiesColumn, identitiesColumn, type KeptIdentity, toKeptIdentities } from './identities-store.ts';
export { type Known, knownOf, markOfItem, markOfNothing, type Silenced } from './known.ts';
export { lastSignIn, readLastContext } from './last-sign-in.ts';
export { learn } from './learn.ts';
export {
  type CustomerList,
  countCustomersWhere,
  estimateList,
  listCustomers,
  listOrders,
  someCustomers,
} from './list.ts';
export type { ListMark } from './list-store.ts';
export { createLiveTimelines, type LiveRow, type LiveTimelines } from './live.ts';
export { lockCustomerOf, lockCustomers } from './locks.ts';
export { type Merge, merge } from './merge.ts';
export { isDefaultAt, withDefaults } from './profile.ts';
export { disprove, proofsOf, prove } from './prove.ts';
export {
  devicesOf,
  disownDevice,
  lastSignInsOf,
  recordPasswordReset,
  recordSignIn,
  type SignIn,
  visitsOf,
} from './record-sign-in.ts';
export { refold, refoldBatch } from './refold.ts';
export { estimateSearch, type Search, searchCustomers } from './search.ts';
export type { FoundMark, Where } from './search-store.ts';
export { type SearchKind, searchKinds } from './search-words.ts';
export { sensitivePaths } from './sensitive-paths.ts';
export type { SignInContext } from './sign-in-context.ts';
export { type Sureness, surenessIn, surenessOf } from './sureness.ts';
export { isKnownAt, isLessSureAt, isUnknownAt } from './sureness-field.ts';
export {
  appendTimeline,
  countSince,
  countTimeline,
  followTimeline,
  type TimelineClass,
  type TimelineDraft,
  type TimelineEntry,
  type TimelinePage,
  type TimelinePosition,
  timelineClasses,
  timelineNow,
  timelineOf,
  timelineParts,
} from './timeline.ts';
export { ensureTimeline, trimTimeline } from './timeline-months.ts';
export { unlink } from './unlink.ts';
export { unmerge } from './unmerge.ts';
export { type CustomerPatch, type Said, update } from './update.ts';
export { previousIds } from './user-ids.ts';
export { placePart, toUsual, type Usual, type UsualRow, usualColumns, usualOf } from './usual.ts';
export { askedSteps, hasVisits, readCookieHash, visitedColumn } from './visits-store.ts';
