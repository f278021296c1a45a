// Staff's browsers: signing in, and calls as the console makes them.
import type { Browser, Page } from './http-browser.ts';
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
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    const shown = Array.isArray(parsed) ? { items: parsed } : typeof parsed === 'object' ? { ...parsed } : {};
    return { status: answer.status, body: shown, headers: answer.headers };
  };
}
