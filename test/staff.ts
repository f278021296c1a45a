// Staff's browsers: signing in, and calls as the console makes them.
import assert from 'node:assert/strict';
import { codeOf, recoveryCodesOn, secretOn } from './authenticator-app.ts';
import { type Browser, createBrowser, type Page } from './http-browser.ts';
import type { TestServer } from './server.ts';

export const firstAdministrator = { email: 'ada@umbrella.example', password: 'maple stone river lamp' } as const;

/** The environment that names the first administrator. */
export const administratorVariables = {
  REGULARS_ADMIN_EMAIL: firstAdministrator.email,
  REGULARS_ADMIN_PASSWORD: firstAdministrator.password,
} as const;

/** Types address and password at staff's door; ends at whatever comes then. */
export async function knockAtStaff(
  server: Pick<TestServer, 'url'>,
  browser: Browser,
  { email, password }: { email: string; password: string },
): Promise<Page> {
  const page = await browser.open(`${server.url}/staff/sign-in?return_to=/staff/security`);
  return browser.submit(page, 'sign-in', { username: email, password });
}

/** The app and recovery codes of somebody who has just added them. */
export type Enrolled = { readonly secret: string; readonly codes: readonly string[] };

/** On the page that asks for a second factor: adds an app; they are in then. */
export async function enrol(browser: Browser, page: Page): Promise<Enrolled> {
  assert.equal(page.url.pathname, '/staff/enrol', page.text);
  const secret = secretOn(page);
  const shown = await browser.submit(page, 'enrol', { code: codeOf(secret) });
  assert.equal(shown.status, 200, shown.text);
  return { secret, codes: recoveryCodesOn(shown) };
}

/** Somebody of the staff who is signed in: their browser, calls and app. */
export type SignedIn = Enrolled & { readonly browser: Browser; readonly call: ConsoleCall };

/** Signs in for the first time: with the password, then adding an app. */
export async function signInFirst(
  server: Pick<TestServer, 'url'>,
  who: { email: string; password: string } = firstAdministrator,
): Promise<SignedIn> {
  const browser = createBrowser();
  const enrolled = await enrol(browser, await knockAtStaff(server, browser, who));
  return { browser, call: consoleOf(server, browser), ...enrolled };
}

const opened = new Set<string>();

/** The newest link that was mailed to this address, and none that was given before: a job may still be writing it. */
export async function mailedLink({ base }: Pick<TestServer, 'base'>, to: string, kind: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const row = await base.db
      .selectFrom('outbox')
      .select('body_text')
      .where('recipient', '=', to)
      .where('kind', '=', kind)
      .orderBy('id', 'desc')
      .executeTakeFirst();
    const link = /https?:\S+ticket=[\w-]+/.exec(row?.body_text ?? '')?.[0];
    if (link && !opened.has(link)) {
      opened.add(link);
      return link;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`No mail ${kind} to ${to}`);
}

/** Invites somebody with these roles, who accepts and signs in. */
export async function joinStaff(
  server: Pick<TestServer, 'url' | 'base'>,
  admin: SignedIn,
  draft: { email: string; roles: readonly string[]; brands?: readonly string[] },
): Promise<SignedIn & { id: string; password: string }> {
  const invited = await admin.call('POST', 'staff-invitations', draft);
  assert.equal(invited.status, 201, JSON.stringify(invited.body));
  const browser = createBrowser();
  const page = await browser.open(await mailedLink(server, draft.email, 'staff_invitation'));
  const password = 'tulip engine harbour plate';
  const joined = await browser.submit(page, 'invitation', { name: draft.email.split('@')[0] ?? '', password });
  const enrolled = await enrol(browser, joined);
  const call = consoleOf(server, browser);
  const me = await call('GET', 'staff/me');
  assert.equal(me.status, 200, JSON.stringify(me.body));
  return { browser, call, ...enrolled, id: String(me.body.id), password };
}

/** The id of a ready role. */
export async function roleId(admin: Pick<SignedIn, 'call'>, name: string): Promise<string> {
  const { body } = await admin.call('GET', 'staff-roles?per_page=100');
  const roles: unknown = body.items;
  assert.ok(Array.isArray(roles));
  const found = roles.find((role) => role.name === name);
  assert.ok(found, name);
  return String(found.id);
}

export type ConsoleCall = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;

/** Calls of the API as the console in this browser makes them. */
export function consoleOf(
  server: Pick<TestServer, 'url'>,
  browser: Browser,
  headers: Record<string, string> = { 'x-regulars-console': '1', origin: server.url },
): ConsoleCall {
  return async (method, path, body) => {
    const answer = await browser.send(`${server.url}/api/v2/${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : {};
    const shown = Array.isArray(parsed) ? { items: parsed } : typeof parsed === 'object' ? { ...parsed } : {};
    return { status: answer.status, body: shown, headers: answer.headers };
  };
}
