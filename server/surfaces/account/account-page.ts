import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isProblem } from '../../base/errors.ts';
import { hasFactor } from '../../features/accounts/accounts.ts';
import { explain, type Form, readForm } from '../login/login.ts';
import { checkForm } from '../oidc/oidc.ts';
import { type AccountParts, type AccountVisit, formsOf, openAccount } from './account-visit.ts';
import { navigationOf, type Place } from './navigation.ts';
import { openParts, sealParts } from './sealed-parts.ts';
import { sendToSignIn } from './sign-in.ts';
import { pages, texts } from './texts.ts';

/** What went wrong with the form that was just sent, and what was typed. */
export type Again = { readonly explained: ReturnType<typeof explain>; readonly form: Form };

/**
 * A page of the account at `/account<path>`: its place in the navigation, how it is shown, and the forms it sends (by
 * the end of their address).
 * `fresh`: only for somebody who proved within the last ten minutes that it is them; its forms always ask for that.
 * `strong`: who has a second factor must have used it in that proof.
 */
export type AccountPage = Place & {
  readonly fresh: boolean;
  /** Its forms need no fresh proof: what is taken back there must be as easy as it was to give. */
  readonly easy?: boolean;
  readonly strong?: boolean;
  /** What of a form belongs into the address of its page. */
  readonly query?: (form: Form) => Readonly<Record<string, string>>;
  readonly show: (at: AccountVisit, again?: Again) => Promise<FastifyReply>;
  readonly acts: Readonly<Record<string, (at: AccountVisit, form: Form) => Promise<FastifyReply>>>;
};

/** Serves a page. Who is not signed in, or not freshly enough, is sent to sign in and comes back to it. */
export function serveAccountPage(app: FastifyInstance, parts: AccountParts, page: AccountPage): void {
  const { base } = parts;

  app.get(`/account${page.path}`, async (request, reply) => {
    const at = await openAccount(parts, request, reply, page);
    const lacks = at && page.fresh ? await lackOf(page, at) : undefined;
    const next = nextOf(page, readForm(request.query));
    if (!at || lacks) return sendToSignIn(parts, request, reply, { next, again: lacks });
    return page.show(at);
  });
  for (const [name, act] of Object.entries(page.acts)) {
    app.post(`/account/${name}`, async (request: FastifyRequest, reply) => {
      const at = await openAccount(parts, request, reply, page);
      const form = readForm(request.body);
      const next = nextOf(page, form);
      if (!at) return sendToSignIn(parts, request, reply, { next });
      checkForm(base, request, formsOf(at.session), form.token);
      const lacks = page.easy ? undefined : await lackOf(page, at);
      if (lacks) return sendToSignIn(parts, request, reply, { next, again: lacks });
      try {
        return await act(at, form);
      } catch (error) {
        if (!isProblem(error) || isProblem(error, 'flow_expired', 'origin_refused')) throw error;
        return page.show(at, { explained: explain(error, at.say), form });
      }
    });
  }
}

/** Which proof is missing to change anything on this page: any at all within ten minutes, or one with a second factor. */
async function lackOf({ strong = false }: AccountPage, at: AccountVisit): Promise<'proof' | 'factor' | undefined> {
  const { base, isFresh, owner, session } = at;
  if (strong && !session.amr.includes('mfa') && (await hasFactor(base.db, owner.customer.id))) return 'factor';
  if (isFresh) return undefined;
  return strong && (await hasFactor(base.db, owner.customer.id)) ? 'factor' : 'proof';
}

/** Where to come back to after signing in. */
function nextOf({ path, query }: AccountPage, form: Form): string {
  const asked = new URLSearchParams(query?.(form)).toString();
  return path + (asked && `?${asked}`);
}

/** Sends a page of the account with the navigation; after a refused form with why it was refused. */
export function showAccount(
  at: AccountVisit,
  name: string,
  model: Readonly<Record<string, unknown>>,
  again?: Again,
): FastifyReply {
  const { reply, dress, language, token } = at;
  const { field, text, status = 200, headers = {} } = again?.explained ?? {};
  const said = again ? (field ? { errors: { [field]: text } } : { problem: text }) : saidBefore(at);
  const shown = { token, nav: navigationOf(at), ...said, ...model };
  reply.headers(headers);
  return pages.send(reply, name, shown, { dress, language, status });
}

/** What was just `done` (the text `done.<that>`) and to `what`, or why it `failed`. */
export type Said = { readonly done?: string; readonly failed?: string; readonly what?: string };

/**
 * To another page of the account, which says what was done. That stands in the address, sealed: a link that somebody
 * else made puts no words on a page of ours, and tells nobody that their password was changed.
 */
export function goToAccount(
  at: AccountVisit,
  path: string,
  { done = '', failed = '', what = '' }: Said = {},
  query: Readonly<Record<string, string>> = {},
): FastifyReply {
  const said = done || failed ? { said: sealParts(at, 'said', [done, failed, what.slice(0, 100)]) } : {};
  const asked = new URLSearchParams({ ...query, ...said }).toString();
  return at.reply.header('cache-control', 'no-store').redirect(`/account${path}${asked && `?${asked}`}`, 303);
}

const failures: Readonly<Record<string, string>> = {
  network_failed: 'problem.network_failed',
  network_refused: 'problem.network_refused',
};

/** What the page before has just done, or failed to do. */
function saidBefore(at: AccountVisit): { notice?: string; problem?: string } {
  const { request, say } = at;
  const [done = '', failed = '', what = ''] = openParts(at, 'said', readForm(request.query).said ?? '');
  const problem = Object.hasOwn(failures, failed) ? failures[failed] : undefined;
  if (problem) return { problem: say(problem) };
  return Object.hasOwn(texts.en, `done.${done}`) ? { notice: say(`done.${done}`, { what }) } : {};
}
