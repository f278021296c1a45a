// What staff and machines did and whom they looked at: written once, chained so that tampering shows. This is the face
// of the feature: other folders import from here only.

export type { Act, AuditDraft, AuditEntry, Change } from './entry.ts';
export { eraseAudit, exportAudit } from './erase.ts';
export { type AuditFilter, listAudit, recordAudit } from './record.ts';
export { readAuditYears, trimAudit, writeAuditYears } from './retention.ts';
export { openAuditKey, sealAudit } from './seal.ts';
export { startSealing } from './sealing.ts';
export { type Break, type Verified, type VerifiedTo, verifyAudit, verifyAuditPart } from './verify.ts';
