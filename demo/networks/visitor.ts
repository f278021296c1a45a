import type { Fields } from './fields.ts';

/** What somebody does on a network's pages. */
export interface Choice {
  /** The person's id at the network. */
  person: string;
  /** False: presses Cancel instead of "I agree". */
  agree?: boolean;
  /** Scopes to untick. */
  untick?: readonly string[];
  /** On Apple's page; left out: what the page proposes. */
  hideEmail?: boolean;
}

/** Where a visit to a network ended: at the client's redirect address, or at a page that leads nowhere. */
export type Landing =
  | { kind: 'redirect'; method: 'GET' | 'POST'; redirectUri: string; fields: Fields; pages: number }
  | { kind: 'page'; status: number; html: string; pages: number };

export interface Visitor {
  /** Follows an authorization URL through the network's pages, to the redirect address but not into it. */
  visit(url: string, choice?: Choice): Promise<Landing>;
  /** Forgets all cookies. */
  leave(): void;
}

/** Somebody at a network without a browser: keeps cookies, presses the buttons. For tests. */
export function openVisitor(): Visitor {
  const cookies = new Map<string, string>();

  async function call(url: string, form?: URLSearchParams): Promise<Response> {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const init = form ? { method: 'POST', body: form, headers } : { headers };
    const response = await fetch(url, { ...init, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name, value);
    }
    return response;
  }

  return {
    async visit(url, choice) {
      let response = await call(url);
      for (let pages = 0; ; pages += 1) {
        const location = response.headers.get('location');
        if (location !== null) return landAt(location, pages);
        const html = await response.text();
        const form = readForm(html);
        if (!form) return { kind: 'page', status: response.status, html, pages };
        if (form.id === 'answer') {
          const fields = Object.fromEntries(form.fields);
          return { kind: 'redirect', method: 'POST', redirectUri: form.action, fields, pages };
        }
        if (!choice) return { kind: 'page', status: response.status, html, pages };
        response = await call(new URL(form.action, url).href, press(form, choice));
      }
    },
    leave() {
      cookies.clear();
    },
  };
}

interface Form {
  id: string | undefined;
  action: string;
  fields: [string, string][];
  canAgree: boolean;
}

function readForm(html: string): Form | null {
  const [, open, body] = /<form ([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? [];
  if (open === undefined || body === undefined) return null;
  const fields: [string, string][] = [];
  for (const [tag] of body.matchAll(/<input [^>]*>/g)) {
    const chosen = /type="hidden"/.test(tag) || / checked/.test(tag);
    const name = attribute(tag, 'name');
    if (chosen && name !== undefined) fields.push([name, attribute(tag, 'value') ?? '']);
  }
  const action = attribute(open, 'action') ?? '';
  return { id: attribute(open, 'id'), action, fields, canAgree: body.includes('id="agree"') };
}

function press(form: Form, choice: Choice): URLSearchParams {
  const sent = new URLSearchParams(form.fields);
  if (choice.agree === false && form.canAgree) sent.set('cancel', 'yes');
  else if (form.canAgree) sent.set('agree', 'yes');
  else sent.set('person', choice.person);
  for (const scope of choice.untick ?? []) sent.delete('scope', scope);
  if (choice.hideEmail !== undefined && sent.has('email_choice')) {
    sent.set('email_choice', choice.hideEmail ? 'hide' : 'share');
  }
  return sent;
}

function landAt(location: string, pages: number): Landing {
  const url = new URL(location);
  const fields = Object.fromEntries(url.search ? url.searchParams : new URLSearchParams(url.hash.slice(1)));
  return { kind: 'redirect', method: 'GET', redirectUri: url.origin + url.pathname, fields, pages };
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1];
  const signs: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
  return found?.replace(/&(?:amp|lt|gt|quot|#39);/g, (sign) => signs[sign] ?? sign);
}
