import { type ApiMember, apiMembersAt, type TriggerId, triggers } from '../../../contract/action-triggers.ts';
import type { Member, Members } from '../../ui/script-members.ts';

// What `event` holds, by Auth0's names, wherever it holds it.
const eventTable: readonly (readonly [path: string, type: string, about: string])[] = [
  ['event', 'object', 'What happened. Changing it changes nothing.'],
  ['event.user', 'object', 'The customer.'],
  ['event.user.user_id', 'string', 'Stays the same for ever.'],
  ['event.user.email', 'string', 'May be missing.'],
  ['event.user.email_verified', 'boolean', 'Have they proven it?'],
  ['event.user.name', 'string', 'The whole name.'],
  ['event.user.given_name', 'string', 'First name.'],
  ['event.user.family_name', 'string', 'Last name.'],
  ['event.user.picture', 'string', 'Address of a picture.'],
  ['event.user.identities', 'object[]', 'The ways in.'],
  ['event.user.user_metadata', 'object', 'What is the customer’s own.'],
  ['event.user.app_metadata', 'object', 'What is yours.'],
  ['event.client', 'object', 'The portal: client_id, name, metadata.'],
  ['event.client.client_id', 'string', 'Its id.'],
  ['event.client.name', 'string', 'Its name.'],
  ['event.client.metadata', 'object', 'What its page keeps as metadata.'],
  ['event.prompt', 'object', 'What api.prompt.render asked: id, fields, vars. In onContinuePostLogin only.'],
  ['event.prompt.fields', 'object', 'Answers by the key of the field.'],
  ['event.connection', 'object', 'How they came in: id, name, strategy, metadata.'],
  ['event.connection.name', 'string', 'Its name.'],
  ['event.connection.strategy', 'string', 'auth0, google-oauth2, …'],
  ['event.request', 'object', 'The request.'],
  ['event.request.ip', 'string', 'IP address.'],
  ['event.request.user_agent', 'string', 'What the browser calls itself.'],
  ['event.request.query', 'object', 'What the portal handed over.'],
  ['event.request.geoip', 'object', 'Where the address is: countryCode, cityName, timeZone, …'],
  ['event.stats', 'object', 'Counts.'],
  ['event.stats.logins_count', 'number', 'Sign-ins so far, with this one.'],
  ['event.session', 'object', 'The session, also one that is about to open. None at a password grant.'],
  ['event.session.id', 'string', 'Its id in the API, too.'],
  ['event.session.authenticated_at', 'string', 'When they last proved who they are.'],
  ['event.session.device', 'object', 'last_ip, last_user_agent; while it is new initial_ip, initial_user_agent.'],
  ['event.refresh_token', 'object', 'At a refresh only: id, session_id, created_at, expires_at, …'],
  ['event.authentication', 'object', 'methods: how they proved who they are.'],
  ['event.authorization', 'object', 'roles.'],
  ['event.transaction', 'object', 'protocol, requested_scopes, acr_values, metadata, …'],
  ['event.resource_server', 'object', 'identifier: the API that the token is for.'],
  ['event.accessToken', 'object', 'customClaims and scope, as earlier actions left them.'],
  ['event.tenant', 'object', 'id: the first part of the server’s name.'],
  ['event.custom_domain', 'object', 'domain: of the issuer.'],
  ['event.security_context', 'object', 'Empty here.'],
  ['event.configuration', 'object', 'Empty here.'],
  ['event.secrets', 'object', 'The secrets of this action, by their names.'],
  ['event.regulars', 'object', 'Ours, beside Auth0’s: brand, device, signals, sender, counts, consents.'],
  ['event.message_options', 'object', 'Of send-phone-message: recipient, text, code, action.'],
];

type Told = readonly [type: string, about: string];

const groups: Readonly<Record<string, string>> = {
  access: 'Who comes in.',
  accessToken: 'The access token.',
  authentication: 'More proof.',
  cache: 'Keeps a little for a while.',
  idToken: 'The ID token.',
  multifactor: 'A second factor.',
  prompt: 'Asks a question on the way.',
  redirect: 'Sends them elsewhere first.',
  refreshToken: 'The refresh token at hand.',
  rules: 'Rules of this sign-in.',
  session: 'The session at hand.',
  transaction: 'This transaction.',
  user: 'Writes to the customer, once all actions have run.',
  validation: 'What was typed.',
};

const calls: Readonly<Record<ApiMember, Told>> = {
  'access.deny': ['(reason) => void', 'Nobody signs in; later actions do not run.'],
  'accessToken.addScope': ['(scope) => void', 'Adds a scope.'],
  'accessToken.removeScope': ['(scope) => void', 'Takes one away.'],
  'accessToken.setCustomClaim': ['(name, value) => void', 'Adds a claim.'],
  'authentication.challengeWith': ['(factor, options) => void', 'Asks for this factor: { type: "otp" }.'],
  'authentication.challengeWithAny': ['(factors) => void', 'Asks for one of these factors, as they choose.'],
  'authentication.enrollWith': ['(factor, options) => void', 'Has them add this factor.'],
  'authentication.enrollWithAny': ['(factors) => void', 'Has them add one of these factors.'],
  'authentication.recordMethod': [
    '(url) => void',
    'A way that they passed at another site. In onContinuePostLogin only.',
  ],
  'authentication.setPrimaryUser': ['(user_id) => void', 'The sign-in is this account’s, which they were joined to.'],
  'cache.delete': ['(key) => object', 'Forgets it.'],
  'cache.get': ['(key) => object', 'What was kept.'],
  'cache.set': ['(key, value, options) => object', 'Keeps a text: { ttl: 60000 }.'],
  'idToken.setCustomClaim': ['(name, value) => void', 'Use names with a namespace: https://shop.example/plan.'],
  'multifactor.enable': ['(provider, options) => void', 'Asks for one: "any".'],
  'prompt.render': ['(question, options) => void', 'By its id or name; answered in onContinuePostLogin.'],
  'redirect.canRedirect': ['() => boolean', 'Not at a silent sign-in or a refresh.'],
  'redirect.encodeToken': ['(options) => string', 'Signs what is handed along.'],
  'redirect.sendUserTo': ['(url, options) => void', 'They come back to onContinuePostLogin.'],
  'redirect.validateToken': ['(options) => object', 'Reads what came back.'],
  'refreshToken.revoke': ['(reason) => void', 'Refuses the refresh and ends its token. At a refresh only.'],
  'rules.wasExecuted': ['(id) => boolean', 'Did this rule run?'],
  'session.revoke': ['(reason, options) => void', 'Refuses the sign-in and ends the session.'],
  'transaction.addTargetScope': ['(scope) => void', 'Adds a scope that the machine was granted.'],
  'transaction.clearTargetScopes': ['() => void', 'Takes all of them away.'],
  'transaction.removeTargetScope': ['(scope) => void', 'Takes one away.'],
  'transaction.setMetadata': ['(key, value) => void', 'Hands something to later actions.'],
  'transaction.setTargetScopes': ['(scopes) => void', 'These alone, of those that the machine was granted.'],
  'user.setAppMetadata': ['(name, value) => void', 'Keeps what is yours.'],
  'user.setUserMetadata': ['(name, value) => void', 'Keeps what is the customer’s own.'],
  'validation.error': ['(code, message) => void', 'Refuses it.'],
};

/** What is called with other things at this trigger. */
const otherwise: Partial<Record<TriggerId, Partial<Record<ApiMember, Told>>>> = {
  'pre-user-registration': {
    'access.deny': ['(reason, userMessage) => void', 'They are not registered; the reason is for the log.'],
  },
  'credentials-exchange': {
    'access.deny': ['(code, reason) => void', 'No token. "invalid_scope", "invalid_request" or "server_error".'],
  },
};

/** What an action at this trigger finds. */
export function membersOf(trigger: TriggerId): Members {
  const { event, eventMay = [] } = triggers[trigger];
  const names = new Set([...event, ...eventMay]);
  const ofEvent = eventTable.filter(([path]) => path === 'event' || names.has(path.split('.')[1] ?? ''));
  const members = apiMembersAt(trigger);
  const used = new Set(members.map((path) => path.split('.')[0] ?? ''));
  return {
    parameters: ['event', 'api'],
    all: [
      ...ofEvent.map(([path, type, about]): Member => ({ path, type, about })),
      { path: 'api', type: 'object', about: 'What it can do.' },
      ...[...used].map((group): Member => ({ path: `api.${group}`, type: 'object', about: groups[group] ?? '' })),
      ...members.map((path): Member => {
        const [type, about] = otherwise[trigger]?.[path] ?? calls[path];
        return { path: `api.${path}`, type, about };
      }),
    ],
  };
}
