import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { FastifyReply } from 'fastify';
import { Liquid } from 'liquidjs';
import { assetPath } from './assets.ts';
import type { Language, Texts } from './languages.ts';

/** How a brand dresses a page: data only, never markup. */
export type Dress = {
  readonly name: string;
  readonly logo_url: string | null;
  /** Address of the brand's stylesheet on this server. */
  readonly stylesheet: string;
  readonly privacy_url: string | null;
  readonly terms_url: string | null;
  readonly support_url: string | null;
  /** The brand's own sentences, replacing ours: language, then key. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type PageOptions = {
  readonly dress: Dress;
  readonly language: Language;
  readonly status?: number;
  /** Origins (or `scheme:`) that a form on this page may end at after redirects, besides our own. */
  readonly formTargets?: readonly string[];
  /**
   * The model says nothing of who asks: but for its `token` the page is the same for everybody, and need not be put
   * together each time.
   */
  readonly isCommon?: boolean;
};

export type Pages = {
  /** The page `name` as HTML; `model` is plain data, escaped where it is shown. */
  render(
    name: string,
    model: Readonly<Record<string, unknown>>,
    options: Pick<PageOptions, 'dress' | 'language'>,
  ): string;
  /** Sends the page. */
  send(reply: FastifyReply, name: string, model: Readonly<Record<string, unknown>>, options: PageOptions): FastifyReply;
  /** The sentence of `key` in this language and dress, with `{name}` places filled (`{brand}` by itself); plain text. */
  say(key: string, language: Language, dress: Dress | undefined, values?: Readonly<Record<string, unknown>>): string;
};

const shared = fileURLToPath(new URL('./pages/', import.meta.url));

/**
 * Server-rendered Liquid pages of one surface. Output is escaped by default; templates are read once.
 *
 * @param folder where the surface's templates are; the shared layout stands in base/pages
 */
export function createPages(folder: URL, texts: Texts): Pages {
  const liquid = new Liquid({
    root: [fileURLToPath(folder), shared],
    extname: '.liquid',
    cache: true,
    outputEscape: 'escape',
    strictFilters: true,
    ownPropertyOnly: true,
    relativeReference: false,
  });

  function say(key: string, language: Language, dress?: Dress, values: Readonly<Record<string, unknown>> = {}): string {
    const text = dress?.texts[language]?.[key] ?? texts[language][key] ?? texts.en[key];
    if (text === undefined) throw new Error(`No text for ${key}`);
    const places: Readonly<Record<string, unknown>> = { brand: dress?.name, ...values };
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(places[name] ?? ''));
  }

  // {{ 'login.title' | t: name: customer.name }}
  liquid.registerFilter('t', function (key: unknown, ...pairs: unknown[]) {
    const values = Object.fromEntries(pairs.filter((pair) => Array.isArray(pair)));
    const scope = this.context.environments;
    if (!isScope(scope)) throw new Error('A page was rendered without its language.');
    return say(String(key), scope.language, scope.dress, values);
  });

  const render: Pages['render'] = (name, model, { dress, language }) => {
    const assets = { style: assetPath('regulars.css'), passkeys: assetPath('passkeys.js') };
    return String(liquid.renderFileSync(name, { ...model, dress, language, assets }));
  };

  const common = new WeakMap<Dress, Map<string, readonly string[]>>();

  /** A page around the places of its token, put together once for a dress as it is remembered. */
  function renderCommon(name: string, { token, ...model }: Readonly<Record<string, unknown>>, options: PageOptions) {
    const { dress, language } = options;
    const known = common.get(dress) ?? new Map<string, readonly string[]>();
    common.set(dress, known);
    const key = JSON.stringify([name, language, model]);
    const parts = known.get(key) ?? render(name, { ...model, token: tokenPlace }, options).split(tokenPlace);
    if (known.size < mostCommon) known.set(key, parts);
    return parts.join(String(token));
  }

  return {
    say,
    render,
    send(reply, name, model, options) {
      return reply
        .code(options.status ?? 200)
        .headers(pageHeaders(options.formTargets ?? [], options.dress.logo_url))
        .type('text/html; charset=utf-8')
        .send(options.isCommon ? renderCommon(name, model, options) : render(name, model, options));
    },
  };
}

// Stands in a page that is kept where the token belongs; no text of a brand can hold it.
const tokenPlace = randomUUID();
// Per dress: the languages, times what portals of a brand offer.
const mostCommon = 40;

type Scope = { language: Language; dress?: Dress };

function isScope(scope: object): scope is Scope {
  return 'language' in scope && typeof scope.language === 'string';
}

/** Headers of every page: nothing inline, nothing framed, nothing kept. */
function pageHeaders(formTargets: readonly string[], logo: string | null): Record<string, string> {
  // A brand whose site is on http, as in development, shows its logo all the same.
  const origin = logo?.startsWith('http:') ? new URL(logo).origin : '';
  // A host may hold `;` and `,`, which would end the rule.
  const logoOrigin = /^http:\/\/[a-z0-9.:[\]-]+$/.test(origin) ? ` ${origin}` : '';
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    `img-src 'self' https: data:${logoOrigin}`,
    "font-src 'self'",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    // Not `no-referrer`: browsers then send `Origin: null` with our own forms.
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
  };
}
