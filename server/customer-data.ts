// The one list of who keeps customers' data: in which tables, how they are emptied of a customer, and how what they
// hold is handed to the customer. `npm run check` fails for a table that is not here.
import { eraseAccounts, exportAccounts } from './features/accounts/accounts.ts';
import { eraseActions, exportActions } from './features/actions/actions.ts';
import { eraseAudit, exportAudit } from './features/audit/audit.ts';
import { eraseConsents, exportConsents } from './features/consents/consents.ts';
import { type ErasureVerb, type ExportVerb, exportOf } from './features/customers/customers.ts';
import { eraseEnrichment, exportEnrichment } from './features/enrichment/enrichment.ts';
import { eraseNotes, exportNotes } from './features/notes/notes.ts';
import { eraseQuestions, exportQuestions } from './features/questions/questions.ts';
import { eraseRules, exportRules } from './features/rules/rules.ts';
import { eraseSessions, exportSessions } from './surfaces/oidc/erase-sessions.ts';

export type Holder = {
  readonly tables: readonly string[];
  /** Left out: `removeCustomer` does it itself. */
  readonly erase?: ErasureVerb;
  readonly export: ExportVerb;
};

export const holders: readonly Holder[] = [
  {
    tables: [
      ...['customers', 'device_subjects', 'devices', 'facts', 'identities', 'members', 'merges', 'proofs', 'subjects'],
      ...['made_for', 'search_words', 'sign_in_places', 'timeline', 'user_ids', 'visits', 'watched_customers'],
    ],
    export: exportOf,
  },
  {
    tables: [
      ...['attempts', 'authentication_methods', 'erased_addresses', 'erasures', 'login_identifiers', 'one_time_codes'],
      ...['mfa_tokens', 'outbox', 'password_history', 'remembered_devices', 'text_messages'],
    ],
    erase: eraseAccounts,
    export: exportAccounts,
  },
  { tables: ['action_executions'], erase: eraseActions, export: exportActions },
  { tables: ['audit', 'audit_values'], erase: eraseAudit, export: exportAudit },
  { tables: ['consent_confirmations', 'consents'], erase: eraseConsents, export: exportConsents },
  { tables: ['enrichment_answers'], erase: eraseEnrichment, export: exportEnrichment },
  { tables: ['follow_ups', 'notes', 'tags'], erase: eraseNotes, export: exportNotes },
  { tables: ['question_asks'], erase: eraseQuestions, export: exportQuestions },
  { tables: ['rule_lines'], erase: eraseRules, export: exportRules },
  { tables: ['flows', 'grants', 'sessions', 'sign_ins', 'tokens'], erase: eraseSessions, export: exportSessions },
];

/** What erases a customer, beside `removeCustomer` itself. */
export const erasures: readonly ErasureVerb[] = holders.flatMap(({ erase }) => (erase ? [erase] : []));

/** What a customer is handed, one part after the other. */
export const exports: readonly ExportVerb[] = holders.map((holder) => holder.export);
