// A browser without a screen: cookies by host, path and SameSite, redirects, forms. For tests through real HTTP.
import { type CookieJar, createCookieJar } from './cookie-jar.ts';
import { type Form, formsOf, linksOf, textOf, unescapeHtml } from './html-forms.ts';

export type Page = {
  /** Address of this page after all redirects. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** What a reader sees, without tags, spaces folded. */
  readonly text: string;
  readonly forms: readonly Form[];
  readonly links: readonly { href: string; text: string }[];
};

export type Browser = {
  readonly jar: CookieJar;
  /** Opens an address and follows redirects. */
  open(address: string | URL): Promise<Page>;
  /** Opens the link of `page` whose text holds `text`. */
  follow(page: Page, text: string): Promise<Page>;
  /** Fills the form (found by the end of its action) and sends it; `button` is the value or text of the one pressed. */
  submit(page: Page, action: string, fields?: Record<string, string>, button?: string): Promise<Page>;
  /** One request as it is, with this browser's cookies, following nothing. */
  send(address: string | URL, init?: RequestInit): Promise<Response>;
};

export type BrowserOptions = {
  /** Redirects to these address prefixes are not followed: the page's `url` is where they lead. */
  readonly stopAt?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly jar?: CookieJar;
};

/** A new browser with no cookies (or those of `jar`: another tab of the same browser). */
export function createBrowser(options: BrowserOptions = {}): Browser {
  const { stopAt = [], headers = {}, jar = createCookieJar() } = options;

  async function send(address: string | URL, init: RequestInit = {}, from?: URL): Promise<Response> {
    const url = new URL(address);
    const method = init.method ?? 'GET';
    const cookie = jar.header(url, { method, from });
    const sent = new Headers({ ...headers, ...(cookie ? { cookie } : {}) });
    new Headers(init.headers).forEach((value, name) => {
      sent.set(name, value);
    });
    const response = await fetch(url, { ...init, headers: sent, redirect: 'manual' });
    jar.store(url, response.headers.getSetCookie());
    return response;
  }

  async function arrive(first: Response, at: URL): Promise<Page> {
    let response = first;
    let url = at;
    for (let hops = 0; hops < 20; hops += 1) {
      const location = response.headers.get('location');
      const page =
        response.status < 300 || response.status >= 400 || !location ? await toPage(response, url) : undefined;
      const refresh = page && /http-equiv="refresh" content="0; url=([^"]+)"/.exec(page.html)?.[1];
      if (page && !refresh) return page;
      await response.body?.cancel().catch(() => undefined);
      const next = new URL(unescapeHtml(location ?? refresh ?? ''), url);
      if (stopAt.some((prefix) => next.href.startsWith(prefix))) return stopped(next, response);
      response = await send(next);
      url = next;
    }
    throw new Error(`Too many redirects, the last to ${url.href}`);
  }

  async function open(address: string | URL): Promise<Page> {
    const url = new URL(address);
    if (stopAt.some((prefix) => url.href.startsWith(prefix))) throw new Error(`${url.href} is where the browser stops`);
    return arrive(await send(url), url);
  }

  return {
    jar,
    send,
    open,
    async follow(page, text) {
      const link = page.links.find((one) => one.text.includes(text));
      if (!link) throw new Error(`No link “${text}” on ${page.url.pathname}: ${page.text}`);
      return open(new URL(link.href, page.url));
    },
    async submit(page, action, fields = {}, button) {
      const form = page.forms.find((one) => one.action.split('?')[0]?.endsWith(action));
      if (!form) throw new Error(`No form “${action}” on ${page.url.pathname} (${page.status}): ${page.text}`);
      const pressed =
        button === undefined
          ? form.buttons[0]
          : form.buttons.find((one) => one.value === button || one.text === button);
      if (button !== undefined && !pressed) throw new Error(`No button “${button}” in the form ${action}`);
      const typed = { ...fields, ...(pressed?.name ? { [pressed.name]: pressed.value } : {}) };
      const values = [
        ...form.pairs.filter(([name]) => !(name in typed)).map(([...pair]) => pair),
        ...Object.entries(typed),
      ];
      const target = new URL(form.action, page.url);
      if (form.method === 'get') {
        target.search = new URLSearchParams(values).toString();
        return open(target);
      }
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: page.url.origin },
        body: new URLSearchParams(values).toString(),
      };
      return arrive(await send(target, init, page.url), target);
    },
  };
}

async function toPage(response: Response, url: URL): Promise<Page> {
  const html = await response.text();
  return {
    url,
    status: response.status,
    headers: response.headers,
    html,
    text: textOf(html),
    forms: formsOf(html),
    links: linksOf(html),
  };
}

function stopped(url: URL, response: Response): Page {
  return { url, status: response.status, headers: response.headers, html: '', text: '', forms: [], links: [] };
}
