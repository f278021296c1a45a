// A customer's rights in Chromium: take the data along, link and unlink, allow and take back, be erased or stay; with and
// without JavaScript.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, mock, test } from 'node:test';
import { erasures } from '../../server/customer-data.ts';
import { eraseDue } from '../../server/features/accounts/accounts.ts';
import { findByUserId } from '../../server/features/customers/customers.ts';
import { endSessions } from '../../server/surfaces/oidc/oidc.ts';
import { toRecord } from '../api-calls.ts';
import { journeys, press, signIn, titled } from './account-journeys.ts';
import { beAtNetwork, knock, type Meridian, openMeridian, readLink } from './meridian.ts';

let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  await meridian.askConsents();
});
after(() => meridian.close());

const account = (path = '') => `${meridian.places.server}/account${path}`;

journeys(
  () => meridian,
  'my data, read on a page and taken along as one file',
  'dora',
  async ({ page, email, look }) => {
    await page.getByRole('link', { name: /^Your data/ }).click();
    await look('Your data');
    await page.getByText(`E-mail address: ${email}`).waitFor();
    await page.getByText('Terms: Yes').waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download my data')]);
    assert.match(file.suggestedFilename(), /^regulars-\d{4}-\d\d-\d\d\.json$/);
    const all = toRecord(JSON.parse(await readFile(await file.path(), 'utf8')));
    assert.equal(toRecord(all.customer).email, email);
    assert.ok(Array.isArray(all.consents) && all.consents.length > 0);
  },
);

journeys(
  () => meridian,
  'a network is added and taken away',
  'lino',
  async ({ page, withScripts, look }) => {
    await page.goto(account('/ways'));
    await press(page, 'Add Apple');
    await beAtNetwork(page, meridian, 'apple', withScripts ? 'Kenji Tanaka' : 'Amélie Laurent');
    if (!withScripts) await page.locator('#continue').click(); // Apple's own page, which a script would leave
    await page.getByRole('status').getByText('Apple').waitFor();
    await look('Ways in');
    await press(page, 'Remove Apple');
    await page.getByRole('button', { name: 'Add Apple' }).waitFor();
    await look('Ways in');
  },
);

journeys(
  () => meridian,
  'what is allowed is seen, given and taken back',
  'paola',
  async ({ page, context, look }) => {
    await page.goto(account('/preferences'));
    await look('What you have allowed');
    const row = (words: string) => page.getByRole('listitem').filter({ hasText: words }).first();
    await row('I accept the terms').getByText('Allowed since').waitFor();
    await row('Mail me skincare news.').getByText('Not allowed.').waitFor();
    await row('Mail me skincare news.').getByRole('button', { name: 'Allow' }).click();
    await row('Mail me skincare news.').getByText('Waiting for your click').waitFor();
    await page.goto(await readLink(context, meridian));
    await press(page, 'Yes, I confirm');
    await page.goto(account('/preferences'));
    await row('Mail me skincare news.').getByText('Allowed since').waitFor();
    await look('What you have allowed');
    await row('Mail me skincare news.').getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('status').getByText('Saved: it is off').waitFor();
    await row('Mail me skincare news.').getByText('Not allowed.').waitFor();
    await look('What you have allowed');
  },
);

// Last: what it writes is of a day to come.
journeys(
  () => meridian,
  'erase me: proof, the day, a change of mind, and gone when the day has come',
  'erna',
  async ({ page, context, email, userId, look }) => {
    // Eleven minutes later the proof is too old.
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
    await page.goto(account('/erase'));
    await page.locator('#password').waitFor();
    await signIn(page, email);
    await look('Erase me');
    await page.getByText(/In 14 days, on/).waitFor();
    await press(page, 'Erase my account');
    await look('Your account will be erased');
    await page.goto(account());
    await signIn(page, email);
    await look('Do you want to keep your account?');
    await press(page, 'Keep my account');
    await titled(page, 'Your account');

    await page.goto(account('/erase'));
    await press(page, 'Erase my account');
    await titled(page, 'Your account will be erased');
    await knock(page, meridian);
    await signIn(page, email);
    await titled(page, 'Do you want to keep your account?');
    await press(page, 'Leave it so');
    await look('Nothing has changed');
    await page.getByRole('link', { name: 'Sign in with another account' }).click();
    await page.locator('#username').waitFor();
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 15 * 86_400_000 });
    await eraseDue(meridian.base, { endSessions, others: erasures });
    mock.timers.reset();
    assert.equal(await findByUserId(meridian.base.db, userId), undefined);
    await context.clearCookies();
    await knock(page, meridian);
    await signIn(page, email);
    await page.getByRole('alert').getByText('Wrong e-mail address or password').waitFor();
  },
);

test('nothing went wrong unseen', () => assert.deepEqual(meridian.logged, []));
