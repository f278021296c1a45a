import type { FastifyInstance } from 'fastify';
import { assetPath } from '../../base/assets.ts';
import type { Base } from '../../base/base.ts';
import type { Texts } from '../../base/languages.ts';
import { createPages, type Dress } from '../../base/pages.ts';
import { countPortals } from '../../features/portals/portals.ts';

const pages = createPages(new URL('./', import.meta.url), noTexts());

const dress: Dress = {
  name: 'Regulars',
  logo_url: null,
  stylesheet: assetPath('regulars.css'),
  privacy_url: null,
  terms_url: null,
  support_url: null,
  texts: {},
};

/** Machines, such as the first one, are no place where customers sign in. */
const forCustomers = ['spa', 'native', 'regular_web'];

/** `/`: for whoever has just started the server, the calls that lead to the first sign-in. English, for developers. */
export function registerWelcome(app: FastifyInstance, base: Base): void {
  app.get('/', async (_request, reply) => {
    const portals = await countPortals(base.db, { app_type: forCustomers });
    const heading = portals > 0 ? 'Regulars' : 'Welcome to Regulars';
    const model = { heading, portals, issuer: base.config.issuer, calls: firstCalls(base.config.url) };
    return pages.send(reply, 'welcome', model, { dress, language: 'en' });
  });
}

/** The calls as they can be pasted into a terminal, in order; in capitals what one of them or the start has told. */
function firstCalls(url: string): Record<string, string> {
  const post = (path: string, body: string) =>
    [
      `curl -s ${url}/api/v2/${path} \\`,
      '  -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\',
      `  -d '${body}'`,
    ].join('\n');
  return {
    token: [
      `TOKEN=$(curl -s ${url}/oauth/token \\`,
      '  -d grant_type=client_credentials \\',
      '  -d client_id=CLIENT_ID -d client_secret=CLIENT_SECRET \\',
      `  -d audience=${url}/api/v2/ \\`,
      "  | node -p 'JSON.parse(fs.readFileSync(0)).access_token')",
    ].join('\n'),
    brand: post('brands', '{"slug": "lumiere", "name": "Lumière", "theme": {"primary": "#7a2e4d"}}'),
    portal: post(
      'clients',
      '{"name": "Shop", "app_type": "spa", "callbacks": ["http://localhost:3000/callback"], "brand": "lumiere"}',
    ),
    connection: post(
      'connections',
      '{"name": "Username-Password-Authentication", "strategy": "auth0", "enabled_clients": ["CLIENT_ID_OF_THE_PORTAL"]}',
    ),
    try: [
      `${url}/authorize?response_type=code&scope=openid%20profile%20email`,
      '&client_id=CLIENT_ID_OF_THE_PORTAL&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback',
      '&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=try',
    ].join(''),
  };
}

function noTexts(): Texts {
  const layout = { 'layout.privacy': 'Privacy', 'layout.terms': 'Terms', 'layout.support': 'Support' };
  return { en: layout, de: layout, es: layout, fr: layout };
}
