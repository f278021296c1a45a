import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { visitor } from '../browser.ts';
import { arrive, knock, type Meridian, openMeridian, readCode } from './meridian.ts';

let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
});
after(() => meridian.close());

test('a customer adds a passkey on the account page, and signs in by the button and by autofill', async () => {
  const { context, page } = await visitor(meridian.browser);
  const keys = await authenticator(page);
  const email = 'iris.okoye@example.com';
  const userId = await signUp(page, email);
  await page.goto(`${meridian.places.server}/account/passkey`);
  await page.locator('#name').fill('My phone');
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByText('From now on the passkey “My phone” opens your account.').waitFor();
  await context.clearCookies();
  await keys.answer(false);
  await knock(page, meridian);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  await keys.answer(true);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  assert.equal(await arrive(page, meridian), userId);
  await context.clearCookies();
  await knock(page, meridian);
  assert.equal(await arrive(page, meridian), userId);
  await context.close();
});

type Authenticator = { answer(yes: boolean): Promise<void>; session: CDPSession; id: string };

async function authenticator(page: Page): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId: id } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    session,
    id,
    async answer(enabled) {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled });
    },
  };
}

async function signUp(page: Page, email: string): Promise<string> {
  await knock(page, meridian);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.locator('#username').fill(email);
  await page.locator('#password').fill('rain on the tent');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.locator('#code').fill(await readCode(page.context(), meridian));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  return arrive(page, meridian);
}
