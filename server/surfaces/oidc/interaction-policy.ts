import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { partsOf } from './added-params.ts';
import { exchangeOf } from './exchange.ts';
import type { Journey, SessionAnswer } from './journey-port.ts';

const { Check, Prompt, base: enginePolicy } = interactionPolicy;

/** What the hosted pages leave in the interaction's result. */
const journeyResult = z.object({ signIn: z.string() });

/**
 * When a page is needed. `login`: nobody is signed in, or must prove it anew. `select_account`: asked for by the
 * portal. `journey`: somebody is signed in; guard, rules and factor run even so, and may need a page. There is no
 * consent prompt: portals are the umbrella's own.
 */
export function createPolicy(journey: Journey): interactionPolicy.Prompt[] {
  const policy = enginePolicy();
  policy.remove('consent');
  const login = policy.get('login');
  if (!login) throw new Error('The engine has no login prompt.');
  const error = 'login_required';
  login.checks.add(new Check('no_account', 'The session is nobody’s', error, (ctx) => accountIsGone(ctx)));
  login.checks.add(new Check('sso_disabled', 'This portal wants a sign-in of its own', error, (ctx) => isAlone(ctx)));
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  policy.add(
    new Prompt(
      { name: 'journey' },
      new Check(
        'journey',
        'A page is needed before the sign-in can go on',
        'interaction_required',
        (ctx) => needsPage(journey, ctx),
        async (ctx) => {
          const answer = await exchangeOf(ctx).journey;
          return answer && 'page' in answer ? { page: answer.page } : undefined;
        },
      ),
    ),
  );
  return policy;
}

function accountIsGone({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.session?.accountId !== undefined && oidc.account === undefined;
}

function isAlone(ctx: KoaContextWithOIDC): boolean {
  return exchangeOf(ctx).portal?.settings.sso_disabled === true && ctx.oidc.result?.login === undefined;
}

/** Asks the journey once a request, then makes the grant of the sign-in. */
async function needsPage(journey: Journey, ctx: KoaContextWithOIDC): Promise<boolean> {
  const exchange = exchangeOf(ctx);
  if (exchange.newSignIn !== undefined) return false;
  const done = journeyResult.safeParse(ctx.oidc.result?.journey);
  if (done.success) {
    const { session } = ctx.oidc;
    const { sessionIsKnown, sessionToBe } = exchange;
    if (session && sessionToBe !== undefined && !sessionIsKnown) session.uid = sessionToBe;
    await makeGrant(ctx, done.data.signIn);
    return false;
  }
  exchange.journey ??= askJourney(journey, ctx);
  const answer = await exchange.journey;
  if ('error' in answer) throw new errors.CustomOIDCProviderError(answer.error, answer.description);
  if ('page' in answer) return true;
  await makeGrant(ctx, answer.go.signIn);
  return false;
}

function askJourney(journey: Journey, ctx: KoaContextWithOIDC): Promise<SessionAnswer> {
  const { request, portal, customer } = exchangeOf(ctx);
  const { session, params = {}, client } = ctx.oidc;
  if (!portal || !customer || !session || !client) throw new Error('A session without customer or portal.');
  const portals = Object.keys(session.authorizations ?? {});
  return journey.onSession({
    request,
    portal,
    customer,
    session: {
      uid: session.uid,
      signedInAt: new Date((session.authTime() ?? 0) * 1000),
      amr: session.amr ?? [],
      acr: session.acr,
      knowsPortal: portals.includes(client.clientId),
      portals,
    },
    ...partsOf(params),
    silent: ctx.oidc.prompts.has('none'),
  });
}

/** Each sign-in makes its own grant, with all that was asked and exists. */
async function makeGrant(ctx: KoaContextWithOIDC, signIn: string): Promise<void> {
  const { grant, session, client, requestParamScopes, requestParamOIDCScopes, resourceServers = {} } = ctx.oidc;
  if (!grant || !session || !client) throw new Error('A sign-in without session or portal.');
  exchangeOf(ctx).newSignIn = signIn;
  grant.addOIDCScope(requestParamOIDCScopes);
  for (const [resource, server] of Object.entries(resourceServers)) {
    grant.addResourceScope(resource, requestParamScopes.intersection(server.scopes));
  }
  await grant.save();
  session.ensureClientContainer(client.clientId);
  session.grantIdFor(client.clientId, grant.jti);
}
