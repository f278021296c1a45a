import type { TriggerId } from './triggers.ts';

// What Auth0's reference lists of `event` and is not here as it is there. Code that asks for it runs.

const never = 'is never there here';
const empty = 'is always empty here';
const atFirst = 'is there only at the sign-in that opens the session';

type Members = Readonly<Record<string, string>>;

const everywhere: Members = { 'custom_domain.domain_metadata': empty };
const fingerprints: Members = { 'security_context.ja3': never, 'security_context.ja4': never };
const absent: Readonly<Record<TriggerId, Members>> = {
  'post-login': {
    ...fingerprints,
    agent: never,
    'authentication.riskAssessment.assessments.AgentDetection': never,
    'authentication.riskAssessment.assessments.UntrustedIP': 'is always neutral here: assessment_not_available',
    'authentication.riskAssessment.supplemental': never,
    'client.refresh_token': never,
    organization: never,
    'refresh_token.device.initial_asn': never,
    'refresh_token.device.initial_ip': never,
    'refresh_token.device.initial_user_agent': never,
    'refresh_token.device.last_asn': never,
    'refresh_token.metadata': empty,
    'refresh_token.session_transfer': never,
    'request.asn': never,
    'session.actor': never,
    'session.device.initial_asn': never,
    'session.device.initial_ip': atFirst,
    'session.device.initial_user_agent': atFirst,
    'session.device.last_asn': never,
    'session.metadata': empty,
    'session.session_transfer': never,
    session_transfer_token: never,
    'transaction.actor': never,
    'transaction.actor_token_type': never,
    'transaction.correlation_id': never,
    'transaction.id': never,
    'transaction.linking_id': never,
    'transaction.requested_authorization_details': never,
    'transaction.subject_token_type': never,
  },
  'pre-user-registration': {
    ...fingerprints,
    'authentication.riskAssessment': never,
    'request.body': empty,
    'transaction.correlation_id': never,
    'transaction.prompt': never,
    'transaction.response_mode': never,
    'transaction.response_type': never,
  },
  'post-user-registration': { ...fingerprints, 'authentication.riskAssessment': never, transaction: empty },
  'post-change-password': { 'authentication.riskAssessment': never, transaction: empty },
  'credentials-exchange': {
    agent: never,
    organization: never,
    'request.language': never,
    'transaction.correlation_id': never,
  },
  'send-phone-message': { ...fingerprints, transaction: empty },
};

/** Members of `event` at this trigger, by their paths, with what is said of them. */
export function membersNotHere(trigger: TriggerId): Members {
  return { ...everywhere, ...absent[trigger] };
}
