import type { Answer, Caller } from './load.ts';
import { type Regulars, record } from './regulars.ts';

export type Tokens = { access_token: string; refresh_token?: string; id_token: string };

/** One password sign-in of a new browser: authorize, page, post, code, token. Throws when any step is not as it should. */
export async function signIn(
  caller: Caller,
  regulars: Pick<Regulars, 'url' | 'web' | 'callbacks'>,
  person: { email: string; password: string },
  scope = 'openid profile email offline_access',
): Promise<Tokens> {
  const host = new URL(regulars.url).host;
  const cookies = new Map<string, string>();
  async function step(path: string, form?: Record<string, string>): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { host, cookie, ...(form ? { origin: regulars.url } : {}) };
    const answer = await caller.send(path, form ? { method: 'POST', headers, form } : { headers });
    const set = answer.headers['set-cookie'];
    for (const line of Array.isArray(set) ? set : []) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }

  const query = new URLSearchParams({
    response_type: 'code',
    client_id: regulars.web.id,
    redirect_uri: regulars.callbacks,
    scope,
    state: 'bench',
  });
  const started = await step(`/authorize?${query}`);
  const pagePath = localPath(started);
  const page = await step(pagePath);
  const token = /name="token" value="([^"]+)"/.exec(page.body)?.[1];
  if (page.status !== 200 || !token) throw new Error(`no sign-in page: ${page.status} ${page.body.slice(0, 300)}`);
  const posted = await step(pagePath, { token, username: person.email, password: person.password });
  const resumed = await step(localPath(posted));
  const code = new URL(String(resumed.headers.location), regulars.url).searchParams.get('code');
  if (!code) throw new Error(`no code: ${resumed.status} ${resumed.headers.location} ${resumed.body.slice(0, 300)}`);
  const answer = await caller.send('/oauth/token', {
    method: 'POST',
    headers: { host },
    form: {
      grant_type: 'authorization_code',
      client_id: regulars.web.id,
      client_secret: regulars.web.secret,
      redirect_uri: regulars.callbacks,
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

function localPath(answer: Answer): string {
  const { location } = answer.headers;
  if (typeof location !== 'string') throw new Error(`no redirect: ${answer.status} ${answer.body.slice(0, 300)}`);
  const url = new URL(location, 'http://localhost');
  return url.pathname + url.search;
}
