import type { FastifyReply } from 'fastify';
import { advance, goTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { identifierField, passwordField } from './form.ts';
import { networkButtons } from './network-buttons.ts';
import { chosenNetwork, goToNetwork } from './network-page.ts';
import { problemOnReturn } from './network-return.ts';
import { type Again, type PageVisit, showPage } from './page-visit.ts';
import { passkeyActs } from './passkey-acts.ts';
import { offerOf, offersPasskeys, passwordConnectionOf } from './portal-connections.ts';

/** Sign-in: password, passkey and networks on one page. */
export const loginPage: FlowPage = {
  step: 'login',
  async show(at, again) {
    if (again || isWanted(at)) return show(at, again);
    return (await goOn(at)) ? at.reply : show(at);
  },
  acts: {
    async login(at, form) {
      const { name: connection } = await passwordConnectionOf(at.base, at.visit.portal);
      const [identifier, password] = [identifierField(form), passwordField(form)];
      return advance(at, { by: 'password', connection, identifier, password });
    },
    async network(at, form) {
      return goToNetwork(at, await chosenNetwork(at, form));
    },
    ...passkeyActs,
  },
};

/** Somebody chose this page (`stay`), so no wish of the portal leads away from it. */
function isWanted({ request }: PageVisit): boolean {
  return request.url.includes('?') && new URL(request.url, 'http://here').searchParams.has('stay');
}

/** Goes where the portal or the engine wants the customer first; false if that is here. */
async function goOn(at: PageVisit): Promise<boolean> {
  const { params, prompt } = at.flow;
  const { store, networks, text } = await offerOf(at.base, at.visit.portal);
  const network = networks.find(({ name }) => name === params.connection);
  const mayJoin = store && !store.options.disable_signup;
  if (prompt.name === 'journey' && prompt.page) await goTo(at, prompt.page);
  else if (network) await goToNetwork(at, network);
  else if (text && text.name === params.connection) await goTo(at, 'text');
  else if (params.screen_hint === 'signup' && mayJoin) await goTo(at, 'signup');
  return at.reply.sent; // awaiting a reply waits until it has left
}

async function show(at: PageVisit, again?: Again): Promise<FastifyReply> {
  const offer = await offerOf(at.base, at.visit.portal);
  const { store } = offer;
  const onlyPassword = store !== undefined && store.name === at.flow.params.connection;
  const username = again?.form.username ?? at.flow.params.login_hint ?? '';
  const problem = again ? undefined : await problemOnReturn(at);
  const model = {
    username,
    password: store !== undefined,
    names: store?.options.requires_username === true,
    passkeys: offersPasskeys(at.base, offer),
    passkey_ui: store?.options.passkey_options?.challenge_ui ?? 'both',
    text: offer.text !== undefined,
    signup: store !== undefined && !store.options.disable_signup,
    networks: onlyPassword ? [] : await networkButtons(at),
    ...(again ? {} : { problem }),
  };
  return showPage(at, 'login', model, again, !again && username === '' && problem === undefined);
}
