import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ask } from './ask.ts';
import type { FrontDoor, Prompts, World } from './definition.ts';
import { type Fields, readFields, readList } from './fields.ts';
import { agreePage, choosePage, formPostPage, homePage, pageHeaders, refusalPage } from './pages.ts';
import { drawPortrait } from './portrait.ts';

const pageMinutes = 10;

interface OpenPage {
  ask: Ask;
  prompts: Prompts;
  expires: number;
}

/**
 * Adds the pages people see: choosing who they are, agreeing, the way back. Somebody with a live session who decided
 * on everything asked before is sent back at once.
 */
export function openFrontDoor(app: FastifyInstance, world: World): FrontDoor {
  const { definition: network, clients, people, agreements, grants, faults } = world;
  // Cookies do not tell ports of one host apart, so each network's has a name of its own.
  const cookie = `${network.name}_session`;
  const sessions = new Map<string, { personId: string; since: number }>();
  const open = new Map<string, OpenPage>();

  const sessionOf = (request: FastifyRequest) => sessions.get(request.cookies[cookie] ?? '');
  const personOf = (request: FastifyRequest) => people.find(sessionOf(request)?.personId ?? '');
  const show = (reply: FastifyReply, page: string, status = 200) => reply.code(status).headers(pageHeaders).send(page);
  const refuse: FrontDoor['refuse'] = (reply, status, headline, words) =>
    show(reply, refusalPage(network, headline, words), status);

  function openPage(ask: Ask, prompts: Prompts): string {
    for (const [handle, page] of open) if (page.expires <= Date.now()) open.delete(handle);
    const handle = randomBytes(18).toString('base64url');
    open.set(handle, { ask, prompts, expires: Date.now() + pageMinutes * 60_000 });
    return handle;
  }

  function readPage(body: unknown): (OpenPage & { handle: string }) | undefined {
    const handle = readFields(body).request ?? '';
    const page = open.get(handle);
    return page && page.expires > Date.now() ? { ...page, handle } : undefined;
  }

  const expired = (reply: FastifyReply) =>
    refuse(reply, 400, 'This page has expired', 'It was open too long, or it was already answered.');

  const choose = (reply: FastifyReply, ask: Ask, prompts: Prompts) =>
    show(reply, choosePage(network, ask, people.list(), openPage(ask, { ...prompts, choose: true })));

  const answer: FrontDoor['answer'] = (reply, ask, fields) => {
    const all: Fields = ask.fields.state === undefined ? fields : { ...fields, state: ask.fields.state };
    if (ask.responseMode === 'form_post') return show(reply, formPostPage(network, ask, all));
    const url = new URL(ask.redirectUri);
    if (ask.responseMode === 'fragment') url.hash = new URLSearchParams(all).toString();
    else for (const [name, value] of Object.entries(all)) url.searchParams.append(name, value);
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    return reply.redirect(`${url.href}${network.landingMark ?? ''}`, reply.request.method === 'POST' ? 303 : 302);
  };

  function isDecided(ask: Ask, personId: string, prompts: Prompts): boolean {
    const before = agreements.find(ask.client.clientId, personId);
    if (!before || prompts.consent) return false;
    return ask.scopes.every(
      (scope) => before.granted.has(scope) || (!prompts.declinedAgain && before.declined.has(scope)),
    );
  }

  async function sendBack(reply: FastifyReply, ask: Ask, personId: string, since: number, first: boolean) {
    const agreement = agreements.find(ask.client.clientId, personId);
    if (!agreement) throw new Error('nobody is sent back without having agreed');
    const asked = ask.scopes.filter((scope) => agreement.granted.has(scope));
    const scopes = network.accessAddsUp ? [...agreement.granted] : asked;
    const grant = { ask, personId, scopes, first, hidesEmail: agreement.hidesEmail, authTime: since };
    const code = grants.issueCode(grant);
    return answer(reply, ask, { code, ...(await network.granted?.(grant, world, code)) });
  }

  const receive: FrontDoor['receive'] = async (request, reply, ask) => {
    if (faults.take('user_denies', 'authorize')) return answer(reply, ask, network.denied(ask));
    const prompts = network.prompts(ask);
    const session = sessionOf(request);
    const person = personOf(request);
    if (prompts.silent && (!session || !person)) return answer(reply, ask, { error: prompts.silent.noSession });
    if (!session || !person || prompts.choose) return choose(reply, ask, prompts);
    if (isDecided(ask, person.id, prompts)) return sendBack(reply, ask, person.id, session.since, false);
    if (prompts.silent) return answer(reply, ask, { error: prompts.silent.noConsent });
    const before = agreements.find(ask.client.clientId, person.id);
    return show(reply, agreePage(network, ask, person, before, openPage(ask, prompts)));
  };

  app.post('/simulated/choose', async (request, reply) => {
    const page = readPage(request.body);
    if (!page) return expired(reply);
    open.delete(page.handle);
    const fields = readFields(request.body);
    if (fields.cancel) return answer(reply, page.ask, network.denied(page.ask));
    const person = people.find(fields.person ?? '');
    if (!person) return choose(reply, page.ask, page.prompts);
    const since = Math.floor(Date.now() / 1000);
    const sessionId = randomBytes(18).toString('base64url');
    sessions.delete(request.cookies[cookie] ?? '');
    sessions.set(sessionId, { personId: person.id, since });
    reply.setCookie(cookie, sessionId, { path: '/', httpOnly: true, sameSite: 'lax' });
    if (isDecided(page.ask, person.id, page.prompts)) return sendBack(reply, page.ask, person.id, since, false);
    const before = agreements.find(page.ask.client.clientId, person.id);
    return show(reply, agreePage(network, page.ask, person, before, openPage(page.ask, page.prompts)));
  });

  app.post('/simulated/agree', async (request, reply) => {
    const page = readPage(request.body);
    const session = sessionOf(request);
    const person = personOf(request);
    if (!page || !session || !person) return expired(reply);
    open.delete(page.handle);
    const fields = readFields(request.body);
    if (fields.switch) return choose(reply, page.ask, page.prompts);
    if (fields.cancel || !fields.agree) return answer(reply, page.ask, network.denied(page.ask));
    const ticked = readList(request.body, 'scope');
    const { scopes, client } = page.ask;
    const granted = scopes.filter((scope) => !network.scopes[scope]?.optional || ticked.includes(scope));
    const first = agreements.record(client.clientId, person.id, {
      granted,
      declined: scopes.filter((scope) => !granted.includes(scope)),
      hidesEmail: fields.email_choice === undefined ? undefined : fields.email_choice === 'hide',
    });
    return sendBack(reply, page.ask, person.id, session.since, first);
  });

  app.get('/', async (request, reply) => show(reply, homePage(network, personOf(request))));

  const endSession: FrontDoor['endSession'] = (request, reply, asked) => {
    sessions.delete(request.cookies[cookie] ?? '');
    reply.clearCookie(cookie, { path: '/' });
    const back = asked.post_logout_redirect_uri;
    if (back === undefined) return reply.redirect('/', 302);
    const client = clients.find(asked.client_id ?? '');
    if (!client?.logoutUris?.includes(back)) {
      return refuse(reply, 400, 'You are signed out', 'The app may not have you sent to where it asked.');
    }
    const url = new URL(back);
    if (asked.state !== undefined) url.searchParams.set('state', asked.state);
    return reply.redirect(url.href, 302);
  };

  app.post('/simulated/sign-out', async (request, reply) => {
    sessions.delete(request.cookies[cookie] ?? '');
    return reply.clearCookie(cookie, { path: '/' }).redirect('/', 303);
  });

  app.get('/pictures/:file', async (request, reply) => {
    const id = readFields(request.params).file?.replace(/\.png$/, '') ?? '';
    const person = people.find(id);
    if (!person) return reply.code(404).send({ error: 'not_found' });
    reply.header('content-type', 'image/png').header('cache-control', 'public, max-age=3600');
    return reply.send(drawPortrait(person.portrait ?? person.name));
  });

  return { receive, refuse, endSession, answer };
}
