import type { TimelineClass, TimelineDraft } from '../customers/customers.ts';
import type { Asked } from './asked.ts';

/**
 * Every name under which signing in and what belongs to an account stand in the timeline: its class, and the code that
 * Auth0's logs give it (null: Auth0 has none).
 */
export const timelineNames = {
  account_erased: { class: 'security', type: 'sdu' },
  address_added: { class: 'security', type: null },
  address_change_asked: { class: 'security', type: null },
  address_changed: { class: 'security', type: 'sce' },
  address_proven: { class: 'security', type: 'sv' },
  blocked: { class: 'security', type: 'limit_wc' },
  code_exchanged: { class: 'sign_in', type: 'seacft' },
  code_exchange_failed: { class: 'sign_in', type: 'feacft' },
  code_sent: { class: 'security', type: 'cls' },
  consent_given: { class: 'profile', type: null },
  consent_refused: { class: 'profile', type: null },
  consent_to_confirm: { class: 'profile', type: null },
  consent_withdrawn: { class: 'profile', type: null },
  data_downloaded: { class: 'security', type: null },
  device_forgotten: { class: 'security', type: null },
  erasure_asked: { class: 'security', type: null },
  erasure_undone: { class: 'security', type: null },
  factor_added: { class: 'security', type: 'gd_enrollment_complete' },
  factor_removed: { class: 'security', type: 'gd_unenroll' },
  grant_refused_by_rules: { class: 'sign_in', type: 'fepft' },
  linked: { class: 'profile', type: null },
  merged: { class: 'profile', type: null },
  merged_into: { class: 'profile', type: null },
  passkey_added: { class: 'security', type: null },
  passkey_cloned: { class: 'security', type: null },
  passkey_removed: { class: 'security', type: null },
  passkey_renamed: { class: 'security', type: null },
  password_added: { class: 'security', type: null },
  password_changed: { class: 'security', type: 'scp' },
  password_dropped: { class: 'security', type: null },
  password_removed: { class: 'security', type: null },
  password_reset_asked: { class: 'security', type: 'scpr' },
  place_blocked: { class: 'security', type: 'limit_mu' },
  question_answered: { class: 'profile', type: null },
  recovery_code_used: { class: 'security', type: 'gd_recovery_succeed' },
  recovery_codes_made: { class: 'security', type: null },
  refresh_failed: { class: 'sign_in', type: 'fertft' },
  refresh_refused_by_rules: { class: 'sign_in', type: 'fertft' },
  refresh_reused: { class: 'security', type: 'ferrt' },
  refreshed: { class: 'sign_in', type: 'sertft' },
  refused_by_rules: { class: 'sign_in', type: 'f' },
  rules_failed: { class: 'sign_in', type: 'w' },
  session_ended: { class: 'security', type: null },
  sign_in_failed: { class: 'sign_in', type: 'f' },
  signed_in: { class: 'sign_in', type: 's' },
  signed_in_by_code_grant: { class: 'sign_in', type: 's' },
  signed_in_by_password_grant: { class: 'sign_in', type: 'sepft' },
  signed_in_silently: { class: 'sign_in', type: 'ssa' },
  signed_out: { class: 'sign_in', type: 'slo' },
  signed_up: { class: 'profile', type: 'ss' },
  silently_refused_by_rules: { class: 'sign_in', type: 'fsa' },
  unblocked: { class: 'security', type: 'ublkdu' },
  unknown_account: { class: 'sign_in', type: 'fu' },
  unlinked: { class: 'profile', type: null },
  value_corrected: { class: 'profile', type: null },
  value_deleted: { class: 'profile', type: null },
  value_excluded: { class: 'profile', type: null },
  verification_asked: { class: 'security', type: 'svr' },
  wrong_code: { class: 'sign_in', type: 'fepotpft' },
  wrong_factor: { class: 'sign_in', type: 'gd_auth_failed' },
  wrong_passkey: { class: 'sign_in', type: 'f' },
  wrong_password: { class: 'sign_in', type: 'fp' },
} as const satisfies Record<string, { class: TimelineClass; type: string | null }>;

export type TimelineName = keyof typeof timelineNames;

/** Whose row it is when no account was found: nobody's. */
export const nobody = '00000000-0000-0000-0000-000000000000';

/** A row of the timeline as this feature writes it. */
export function happened(
  name: TimelineName,
  subject: string,
  asked: Asked,
  more: Pick<TimelineDraft, 'occurredAt'> & Pick<Partial<TimelineDraft>, 'data'>,
): TimelineDraft {
  return {
    class: timelineNames[name].class,
    name,
    subject,
    brand: asked.brand.id,
    portal: asked.portal,
    ip: asked.ip,
    userAgent: asked.userAgent,
    session: asked.session,
    source: 'accounts',
    ...more,
  };
}
