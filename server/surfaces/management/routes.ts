import { actionTriggerRoutes } from './action-triggers.ts';
import { actionRoutes } from './actions.ts';
import { attackLimitRoutes } from './attack-limits.ts';
import { attackProtectionRoutes } from './attack-protection.ts';
import { attributeRoutes } from './attributes.ts';
import { auditRoutes } from './audit.ts';
import { authenticationMethodRoutes } from './authentication-methods.ts';
import { blockRoutes } from './blocks.ts';
import { brandRoutes } from './brands.ts';
import { clientGrantRoutes } from './client-grants.ts';
import { clientRoutes } from './clients.ts';
import { codeCheckRoutes } from './code-check.ts';
import { codeLogRoutes } from './code-log.ts';
import { connectionClientRoutes } from './connection-clients.ts';
import { connectionRoutes } from './connections.ts';
import { consentRoutes, wordingRoutes } from './consents.ts';
import { enrichmentRoutes } from './enrichment.ts';
import { followUpRoutes } from './follow-ups.ts';
import { mailTemplateRoutes } from './mail-templates.ts';
import { outboxRoutes } from './outbox.ts';
import { questionResultRoutes } from './question-results.ts';
import { questionTrialRoutes } from './question-trial.ts';
import { questionRoutes } from './questions.ts';
import { resourceServerRoutes } from './resource-servers.ts';
import type { Route } from './route.ts';
import { ruleTryRoutes } from './rule-try.ts';
import { ruleVersionRoutes } from './rule-versions.ts';
import { ruleRoutes } from './rules.ts';
import { rulesConfigRoutes } from './rules-configs.ts';
import { rulesLibraryRoutes } from './rules-library.ts';
import { rulesRunningRoutes } from './rules-running.ts';
import { sessionRoutes } from './sessions.ts';
import { signingKeyRoutes } from './signing-keys.ts';
import { staffRoutes } from './staff.ts';
import { staffInvitationRoutes } from './staff-invitations.ts';
import { staffMeRoutes } from './staff-me.ts';
import { staffRoleRoutes } from './staff-roles.ts';
import { storeRoutes } from './stores.ts';
import { ticketRoutes } from './tickets.ts';
import { tryInputRoutes } from './try-input.ts';
import { umbrellaRoutes } from './umbrella.ts';
import { userAddressChangeRoutes } from './user-address-changes.ts';
import { userBlockRoutes } from './user-blocks.ts';
import { userConsentRoutes } from './user-consents.ts';
import { userExportRoutes } from './user-export.ts';
import { userFactRoutes } from './user-facts.ts';
import { userFollowUpRoutes } from './user-follow-up.ts';
import { userIdentityRoutes } from './user-identities.ts';
import { userLiveRoutes } from './user-live.ts';
import { userLogRoutes } from './user-logs.ts';
import { userNoteRoutes } from './user-notes.ts';
import { userPictureRoutes } from './user-picture.ts';
import { userQuestionRoutes } from './user-questions.ts';
import { userTimelineRoutes } from './user-timeline.ts';
import { userVisitRoutes } from './user-visits.ts';
import { userRoutes } from './users.ts';

/** Every operation of the Management API. What is not here answers the generic 404. */
export const routes: readonly Route[] = [
  ...actionRoutes,
  ...actionTriggerRoutes,
  ...attackLimitRoutes,
  ...attackProtectionRoutes,
  ...attributeRoutes,
  ...auditRoutes,
  ...authenticationMethodRoutes,
  ...blockRoutes,
  ...brandRoutes,
  ...clientRoutes,
  ...clientGrantRoutes,
  ...codeCheckRoutes,
  ...codeLogRoutes,
  ...connectionRoutes,
  ...connectionClientRoutes,
  ...consentRoutes,
  ...wordingRoutes,
  ...enrichmentRoutes,
  ...mailTemplateRoutes,
  ...outboxRoutes,
  // Before `/questions/{id}`: `results` is no id.
  ...questionResultRoutes,
  ...questionRoutes,
  ...questionTrialRoutes,
  ...resourceServerRoutes,
  ...rulesConfigRoutes,
  // Before `/rules/{id}`: their names are no ids.
  ...rulesRunningRoutes,
  ...rulesLibraryRoutes,
  ...ruleTryRoutes,
  ...tryInputRoutes,
  ...ruleVersionRoutes,
  ...ruleRoutes,
  ...signingKeyRoutes,
  ...staffMeRoutes,
  ...staffRoutes,
  ...staffRoleRoutes,
  ...staffInvitationRoutes,
  ...storeRoutes,
  ...ticketRoutes,
  ...sessionRoutes,
  ...umbrellaRoutes,
  ...userRoutes,
  ...userAddressChangeRoutes,
  ...userBlockRoutes,
  ...userConsentRoutes,
  ...userExportRoutes,
  ...userFactRoutes,
  ...userIdentityRoutes,
  ...followUpRoutes,
  ...userFollowUpRoutes,
  ...userLiveRoutes,
  ...userLogRoutes,
  ...userNoteRoutes,
  ...userPictureRoutes,
  ...userQuestionRoutes,
  ...userTimelineRoutes,
  ...userVisitRoutes,
];
