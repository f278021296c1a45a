import type { Authenticator } from '../test/authenticator.ts';
import type { Answer, Caller } from './load.ts';
import { type Regulars, record } from './regulars.ts';

export type Tokens = { access_token: string; refresh_token?: string; id_token: string };

/** A customer with a passkey. */
export type Holder = { readonly email: string; readonly authenticator: Authenticator };

type PasskeyAnswer = Readonly<Record<'email' | 'path' | 'token' | 'credential', string>>;

type Shop = Pick<Regulars, 'url' | 'web' | 'callbacks'>;

/** One password sign-in of a browser that was here before and has no session: authorize, page, post, code, token. Throws when any step is not as it should. */
export function signIn(
  caller: Caller,
  shop: Shop,
  person: { email: string; password: string },
  scope?: string,
): Promise<Tokens> {
  return new Browser(caller, shop).signIn(person, scope);
}

// The device of each customer: a new one each time would mean a mail about it each time.
const deviceCookie = 'device';
const devices = new Map<string, string>();

/** A browser at the bench's portal, with its cookies. */
export class Browser {
  readonly #caller: Caller;
  readonly #shop: Shop;
  readonly #host: string;
  readonly #cookies = new Map<string, string>();

  constructor(caller: Caller, shop: Shop) {
    this.#caller = caller;
    this.#shop = shop;
    this.#host = new URL(shop.url).host;
  }

  /** By password: authorize, page, post, code, token. */
  async signIn(
    person: { email: string; password: string },
    scope = 'openid profile email offline_access',
  ): Promise<Tokens> {
    const { path, token } = await this.#open(person.email, scope);
    const posted = await this.#step(path, { token, username: person.email, password: person.password });
    this.#keepDevice(person.email);
    return this.#redeem(await this.#step(localPath(posted)));
  }

  /** By passkey: authorize, page, challenge, post, code, token. */
  async signInByPasskey(holder: Holder, scope = 'openid profile email offline_access'): Promise<Tokens> {
    const ready = await this.readyPasskey(holder, scope);
    return this.#redeem(await this.#step(await this.sendPasskey(ready)));
  }

  /** The same, up to the answer that the authenticator has signed and nobody has sent. */
  async readyPasskey({ email, authenticator }: Holder, scope: string): Promise<PasskeyAnswer> {
    const { path, token } = await this.#open(email, scope);
    const options = await this.#step(path.replace(/login$/, 'passkey-options'), { token });
    if (options.status !== 200) throw new Error(`no challenge: ${options.status} ${options.body.slice(0, 300)}`);
    const credential = authenticator.get(JSON.parse(options.body));
    return { email, path: path.replace(/login$/, 'passkey'), token, credential };
  }

  /** Sends such an answer. @returns where it leads on to */
  async sendPasskey({ email, path, token, credential }: PasskeyAnswer): Promise<string> {
    const answer = await this.#step(path, { token, credential });
    this.#keepDevice(email);
    return localPath(answer);
  }

  /** Begins on the customer's device. */
  async #open(email: string, scope: string): Promise<{ path: string; token: string }> {
    const device = devices.get(email);
    if (device !== undefined) this.#cookies.set(deviceCookie, device);
    const path = localPath(await this.#authorize(scope));
    const page = await this.#step(path);
    const token = /name="token" value="([^"]+)"/.exec(page.body)?.[1];
    if (page.status !== 200 || !token) throw new Error(`no sign-in page: ${page.status} ${page.body.slice(0, 300)}`);
    return { path, token };
  }

  #keepDevice(email: string): void {
    const device = this.#cookies.get(deviceCookie);
    if (device !== undefined) devices.set(email, device);
  }

  /** By the session that is there: authorize, code, token. */
  async signInAgain(scope = 'openid profile email offline_access'): Promise<Tokens> {
    return this.#redeem(await this.#authorize(scope));
  }

  #authorize(scope: string): Promise<Answer> {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#shop.web.id,
      redirect_uri: this.#shop.callbacks,
      scope,
      state: 'bench',
    });
    return this.#step(`/authorize?${query}`);
  }

  async #redeem(answered: Answer): Promise<Tokens> {
    const { location } = answered.headers;
    const code = new URL(String(location), this.#shop.url).searchParams.get('code');
    if (!code) throw new Error(`no code: ${answered.status} ${location} ${answered.body.slice(0, 300)}`);
    const answer = await this.#caller.send('/oauth/token', {
      method: 'POST',
      headers: { host: this.#host },
      form: {
        grant_type: 'authorization_code',
        client_id: this.#shop.web.id,
        client_secret: this.#shop.web.secret,
        redirect_uri: this.#shop.callbacks,
        code,
      },
    });
    if (answer.status !== 200) throw new Error(`no tokens: ${answer.status} ${answer.body}`);
    const tokens = record(JSON.parse(answer.body));
    return {
      access_token: String(tokens.access_token),
      id_token: String(tokens.id_token),
      ...(tokens.refresh_token === undefined ? {} : { refresh_token: String(tokens.refresh_token) }),
    };
  }

  async #step(path: string, form?: Record<string, string>): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { host: this.#host, cookie, ...(form ? { origin: this.#shop.url } : {}) };
    const answer = await this.#caller.send(path, form ? { method: 'POST', headers, form } : { headers });
    const set = answer.headers['set-cookie'];
    for (const line of Array.isArray(set) ? set : []) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}

function localPath(answer: Answer): string {
  const { location } = answer.headers;
  if (typeof location !== 'string') throw new Error(`no redirect: ${answer.status} ${answer.body.slice(0, 300)}`);
  const url = new URL(location, 'http://localhost');
  return url.pathname + url.search;
}
