import type { FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { connectionOfRealm } from '../../features/connections/connections.ts';
import type { Portal } from '../../features/portals/portals.ts';
import type {
  CodeVisit,
  Journey,
  PasswordAnswer,
  PasswordVisit,
  PortalParams,
  RefreshAnswer,
  RefreshVisit,
  SecondFactorVisit,
  SessionAnswer,
  SessionVisit,
  Wanted,
} from '../oidc/journey-port.ts';
import { knownDevice, userAgentOf } from './browser-cookies.ts';
import type { Turn } from './finish.ts';
import type { Done } from './flow-state.ts';
import { refresh, signIn as runJourney } from './journey.ts';
import { askForSecond, readMfaSignIn, secondOf } from './mfa-sign-in.ts';
import { acrValuesOf, languageOf } from './page-visit.ts';
import { passwordConnectionOf } from './portal-connections.ts';
import type { Door } from './prove.ts';
import { demandedPage } from './rules/demand-question.ts';
import { type Wire, wireOfPages, wireOfTokens } from './rules/wire.ts';
import { askedBy, type Visit } from './visit.ts';

/** The journey for those who pass no page of ours: a session that is there, a refresh, a password grant. */
export function createJourney(base: Base): Journey {
  return {
    onSession: (visit) => answerSession(base, visit),
    onRefresh: (visit) => answerRefresh(base, visit),
    onPassword: (visit) => answerPassword(base, visit),
    onCode: (visit) => answerCode(base, visit),
    onSecondFactor: (visit) => answerSecondFactor(base, visit),
  };
}

async function answerSession(base: Base, asked: SessionVisit): Promise<SessionAnswer> {
  const { request, portal, customer, session, params, added, silent } = asked;
  const { uid, amr, acr, signedInAt, portals } = session;
  const pages = wireOfPages({ ...added, ...params }, request.url.startsWith('/activate'));
  const wire = { ...pages, session: { uid, since: signedInAt, portals } };
  const visit = await visitOf(base, request, portal, { silent, params, wire });
  try {
    const named = { ...visit, session: base.vault.keyedHash('timeline-session', uid).toString('base64url') };
    const turn = await runJourney(base, named, { by: 'session', customer, uid, amr, acr, welcome: false });
    if ('done' in turn) {
      const { done, due } = turn;
      // What is recorded goes along, so that the page does not sign in once more.
      return due ? { page: due, remember: { done } } : { go: { signIn: done.signIn } };
    }
    if ('refused' in turn) return turn.refused;
    if (silent && 'held' in turn) return { error: 'mfa_required', description: new Problem('mfa_required').message };
    return { page: turn.page, remember: turn.remember };
  } catch (error) {
    if (isProblem(error, 'user_blocked')) return { error: 'unauthorized', description: 'user is blocked' };
    throw error;
  }
}

async function answerRefresh(base: Base, asked: RefreshVisit): Promise<RefreshAnswer> {
  const { request, portal, customer, signIn, signedInAt, scope, token } = asked;
  const refreshes = { signIn: signIn.id, since: signedInAt, token };
  const [audience] = token.audiences;
  const wire = { ...wireOfTokens(request, 'oauth2-refresh-token', { scope, audience }), refreshes };
  const visit = await visitOf(base, request, portal, { silent: true, wire });
  try {
    const turn = await refresh(base, visit, { customer, subject: signIn.subject }, signIn);
    if ('refused' in turn) return turn.refused;
    if ('page' in turn) return { error: 'interaction_required', description: needsPage };
    if ('held' in turn) throw await askForSecond(base, portal.client_id, turn.held, { scope });
    return { go: turn };
  } catch (error) {
    if (isProblem(error, 'user_blocked')) return { error: 'invalid_grant', description: 'user is blocked' };
    throw error;
  }
}

async function answerPassword(
  base: Base,
  { request, portal, username, password, realm, ...wanted }: PasswordVisit,
): Promise<PasswordAnswer> {
  const visit = await visitOf(base, request, portal, byPortal(request, wanted));
  const store = realm === undefined ? await passwordConnectionOf(base, portal) : await storeOf(base, portal, realm);
  const door = { by: 'password', connection: store.name, identifier: username, password } as const;
  return withoutPage(base, visit, door, wanted);
}

async function answerCode(
  base: Base,
  { request, portal, realm, username, otp, ...wanted }: CodeVisit,
): Promise<PasswordAnswer> {
  const visit = await visitOf(base, request, portal, byPortal(request, wanted));
  const door =
    realm === 'email'
      ? ({ by: 'portal_code', email: username, typed: otp } as const)
      : ({ by: 'text_code', phone: username, typed: otp } as const);
  return withoutPage(base, visit, door, wanted);
}

async function answerSecondFactor(base: Base, { request, portal, mfaToken, typed }: SecondFactorVisit) {
  const signIn = await readMfaSignIn(base, mfaToken);
  if (signIn?.portal !== portal.client_id) throw new Problem('flow_expired', 'mfa_token is expired');
  const { flow, held, wanted } = signIn;
  const asked = await visitOf(base, request, portal, byPortal(request, wanted));
  const visit = { ...asked, waiting: { token: mfaToken, flow } };
  const second = await secondOf(base, signIn, askedBy(visit), typed);
  const turn = await runJourney(base, visit, { by: 'held', held, second });
  // Somebody added a factor meanwhile: this token's sign-in is to begin anew.
  if (!('done' in turn)) throw new Problem('flow_expired', 'mfa_token is expired');
  return { ...answerOf(turn), wanted };
}

/** A sign-in where no page can be shown. */
async function withoutPage(base: Base, visit: Visit, door: Door, wanted: Wanted): Promise<PasswordAnswer> {
  const turn = await runJourney(base, visit, door);
  if ('held' in turn) throw await askForSecond(base, visit.portal.client_id, turn.held, wanted);
  if ('refused' in turn) throw new Problem('access_denied', turn.refused.description);
  if ('page' in turn && (turn.remember.away || turn.page === demandedPage)) {
    throw new Problem('access_denied', needsPage, { error: 'interaction_required' });
  }
  if (!('done' in turn)) throw new Problem('access_denied', needsPage);
  return answerOf(turn);
}

const needsPage = 'A page is needed first: sign in there.';

function answerOf({ done, decided }: Extract<Turn, { done: Done }>): PasswordAnswer {
  const { customer: userId, signIn, amr, acr } = done;
  return { go: { userId, signIn, amr, acr, decided } };
}

function byPortal(request: FastifyRequest, wanted: Wanted) {
  return { silent: false, wire: wireOfTokens(request, 'oauth2-password', wanted) };
}

async function storeOf(base: Base, portal: Portal, realm: string) {
  const store = await connectionOfRealm(base, portal.client_id, realm);
  if (!store) throw new Problem('invalid_body', 'The realm is not a connection of this client.');
  return store;
}

async function visitOf(
  base: Base,
  request: FastifyRequest,
  portal: Portal,
  { silent, params = {}, wire }: { silent: boolean; params?: PortalParams; wire: Wire },
): Promise<Visit> {
  const brand = portal.brand ? await cachedBrand(base, portal.brand) : undefined;
  if (!brand) throw new Problem('access_denied', 'This portal has no brand, so nobody signs in there.');
  return {
    portal,
    brand,
    language: languageOf(request, brand, params.ui_locales),
    wire,
    ip: request.ip,
    userAgent: userAgentOf(request),
    at: now(),
    device: knownDevice(base.config, request),
    acrValues: acrValuesOf(params),
    silent,
  };
}
