import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createBrowser } from '../../../test/http-browser.ts';
import { startTestServer } from '../../../test/server.ts';
import { administratorVariables, consoleOf, firstAdministrator, knockAtStaff } from '../../../test/staff.ts';

const server = await startTestServer(administratorVariables);
after(() => server.stop());

test('the administrator of the environment signs in, and the console learns what they may', async () => {
  const browser = createBrowser();
  const nobody = await consoleOf(server, browser)('GET', 'staff/me');
  assert.equal(nobody.status, 401);
  const page = await knockAtStaff(server, browser, firstAdministrator);
  assert.equal(page.url.pathname, '/staff/security');
  const me = await consoleOf(server, browser)('GET', 'staff/me');
  assert.equal(me.status, 200, JSON.stringify(me.body));
  assert.partialDeepStrictEqual(me.body, {
    email: firstAdministrator.email,
    attributes: { read: ['*'], write: ['*'] },
    brands: null,
    sign_out: '/staff/sign-out',
  });
  const brands = await consoleOf(server, browser)('GET', 'brands');
  assert.equal(brands.status, 200);
});

test('signing out ends the session', async () => {
  const browser = createBrowser();
  await knockAtStaff(server, browser, firstAdministrator);
  const stolen = browser.jar
    .all()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  const headers = { origin: server.url, 'x-regulars-console': '1' };
  const out = await browser.send(`${server.url}/staff/sign-out`, { method: 'POST', headers });
  assert.equal(out.status, 204);
  const again = await fetch(`${server.url}/api/v2/staff/me`, { headers: { ...headers, cookie: stolen } });
  assert.equal(again.status, 401);
});
