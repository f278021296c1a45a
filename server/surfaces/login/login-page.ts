import type { FastifyReply } from 'fastify';
import { advance, goTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { identifierField, passwordField } from './form.ts';
import { networkButtons } from './network-buttons.ts';
import { goToNetwork } from './network-page.ts';
import { problemOnReturn } from './network-return.ts';
import { type Again, type PageVisit, showPage } from './page-visit.ts';
import { offerOf, passwordConnectionOf } from './portal-connections.ts';

/** Sign-in: password and networks on one page. */
export const loginPage: FlowPage = {
  step: 'login',
  show: async (at, again) => (again || isWanted(at) ? show(at, again) : ((await goOn(at)) ?? show(at))),
  acts: {
    async login(at, form) {
      const { name: connection } = await passwordConnectionOf(at.base, at.visit.portal);
      const [identifier, password] = [identifierField(form), passwordField(form)];
      return advance(at, { by: 'password', connection, identifier, password });
    },
  },
};

/** Somebody chose this page (`stay`), so no wish of the portal leads away from it. */
function isWanted({ request }: PageVisit): boolean {
  return new URL(request.url, 'http://here').searchParams.has('stay');
}

/** Where the portal or the engine wants the customer first, if not here. */
async function goOn(at: PageVisit): Promise<FastifyReply | undefined> {
  const { params, prompt } = at.flow;
  if (prompt.name === 'journey' && prompt.page) return goTo(at, prompt.page);
  const { store, networks } = await offerOf(at.base, at.visit.portal);
  const network = networks.find(({ name }) => name === params.connection);
  if (network) return goToNetwork(at, network);
  return params.screen_hint === 'signup' && store && !store.options.disable_signup ? goTo(at, 'signup') : undefined;
}

async function show(at: PageVisit, again?: Again): Promise<FastifyReply> {
  const { store } = await offerOf(at.base, at.visit.portal);
  const onlyPassword = store !== undefined && store.name === at.flow.params.connection;
  const model = {
    username: again?.form.username ?? at.flow.params.login_hint ?? '',
    password: store !== undefined,
    signup: store !== undefined && !store.options.disable_signup,
    networks: onlyPassword ? [] : await networkButtons(at),
    ...(again ? {} : { problem: await problemOnReturn(at) }),
  };
  return showPage(at, 'login', model, again);
}
