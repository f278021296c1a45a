/**
 * Accounts: proving who somebody is by password or mailed code, what belongs to that (sign-up, reset, address, ways
 * in), and its limits. This is the face of the feature: other folders import from here only. Verbs take the time from
 * base/clock. `endSessions` is handed in by the surface that owns sessions.
 */
export { type BegunTotp, beginTotp, confirmTotp, openTotp } from '../../base/credentials/totp-draft.ts';
export { acceptFor } from './accept-for.ts';
export { redeemAccountProof, sendAccountProof } from './account-proof.ts';
export { addPassword, passwordToAdd } from './add-password.ts';
export type { Asked } from './asked.ts';
export type { AtDoor } from './at-door.ts';
export { type Block, blocksOf, completeUnblock, mailUnblockLink, unblock } from './blocks.ts';
export { isBreached, readBreachedPasswords, writeBreachedPasswords } from './breached-passwords.ts';
export { beginEmailChange, completeEmailChange, signInAddresses } from './change-email.ts';
export { changePassword, setPassword } from './change-password.ts';
export { completePhoneChange } from './change-phone.ts';
export { beginCodeSignIn, completeCodeSignUp, redeemCodeSignIn } from './code-sign-in.ts';
export type { MailedCode, TypedCode } from './codes.ts';
export { checkNumberFree, createAccount, setIdentifiers } from './create-account.ts';
export { completeEmailChangeByLink, mailEmailChangeLink } from './email-change-link.ts';
export { eraseAccounts } from './erase.ts';
export { type Erasing, eraseDue } from './erase-due.ts';
export { askErasure, keepAccount, readErasureDays, writeErasureDays } from './erasure.ts';
export { exportAccounts, noteDownload } from './export.ts';
export { checkFactor } from './factors/check-factor.ts';
export {
  type Factor,
  type FactorKind,
  factorKinds,
  maskedAddress,
  multiFactorAcr,
  type PassedFactor,
  type PhoneChannel,
  type ProvenFactor,
  phoneChannels,
  provenFactor,
  type TypedFactor,
  toFactorKind,
} from './factors/factor.ts';
export { factorColumn } from './factors/factor-store.ts';
export {
  addFactor,
  detailOf,
  factorsOf,
  hasFactor,
  keepFactors,
  nameFactor,
  removeAllFactors,
  removeFactor,
  renewRecoveryCodes,
} from './factors/factors.ts';
export {
  deleteMfaTokens,
  issueMfaToken,
  type MfaToken,
  readMfaToken,
  saveMfaToken,
  takeMfaToken,
  takeMfaTokenPart,
} from './factors/mfa-token.ts';
export { policyAt, setUmbrellaPolicy, umbrellaPolicy } from './factors/policy.ts';
export {
  deviceStanding,
  forgetDevice,
  forgetDevices,
  rememberDevice,
  rememberedDevices,
} from './factors/remembered-devices.ts';
export { beginAddress, confirmAddress, type SentCode, sendFactorCode } from './factors/send-code.ts';
export { type AddressProof, type Dropped, recordProof } from './first-proof.ts';
export { beginFirstPasskey, firstPasskey, firstPassword } from './first-way.ts';
export { guess } from './guess.ts';
export { countMail, countReturn, countUserCode, type Guessed, limits } from './limits.ts';
export { lookAtSignInLink, mailSignInLink, redeemSignInLink } from './link-sign-in.ts';
export { commonValues, isKind, mailKinds, mustShow, values as mailValues } from './mail-templates/kinds.ts';
export {
  getMailTemplate,
  type MailTemplate,
  previewMail,
  removeMailTemplate,
  saveMailTemplate,
  sendTestMail,
  type WhichMail,
} from './mail-templates/mail-templates.ts';
export { countTemplates, readTemplates, type TemplateLine } from './mail-templates/store.ts';
export { completeNotMe, type EndSignIn, lookAtNotMe, tellOfNewDevice } from './new-device.ts';
export { mailConsentLink, tellOfLink, tellOnce } from './notices.ts';
export type { FirstWay } from './open-account.ts';
export { passkeyPolicy, readPasskeyPolicy, setPasskeyPolicy } from './passkey-policy.ts';
export { beginPasskeyUse, type PasskeyAtDoor, type PasskeyUse, signInWithPasskey } from './passkey-sign-in.ts';
export { addPasskey, beginPasskey, removePasskey, renamePasskey } from './passkeys.ts';
export { type AcceptedPassword, acceptPassword, checkNewPassword } from './password.ts';
export { beginPhoneCode, completePhoneSignUp, type PhonePlace, redeemPhoneCode } from './phone-code.ts';
export { beginPortalCode, redeemPortalCode } from './portal-code.ts';
export { signUpByPortal } from './portal-sign-up.ts';
export { completeReset, startReset } from './reset.ts';
export { recordUse, signInWithPassword, usePart } from './sign-in.ts';
export { beginSignUp, completeSignUp, redeemSignUp, type SignUpProof, sendSignUpAgain } from './sign-up.ts';
export type { TicketPurpose } from './tickets.ts';
export { type TimelineName, timelineNames } from './timeline-names.ts';
export { sentenceOf } from './timeline-sentences.ts';
export { accountWithEmail, createTicket, lookAtTicket } from './umbrella-tickets.ts';
export { completeVerification, startVerification } from './verify-email.ts';
export { checkNotLastWayIn, removePassword, type WayIn, waysIn } from './ways-in.ts';
