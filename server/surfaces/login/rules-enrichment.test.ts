// Two rules in the style of those that people bring along, with the faults that they have: they must run as they are.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type City, writeMmdb } from '../../../demo/arrivals/mmdb.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
let folder: string;
const password = 'a long enough phrase';
const chelsea: City = {
  country: 'US',
  city: 'New York',
  latitude: 40.75,
  longitude: -74,
  postalCode: '10001',
  timeZone: 'America/New_York',
  continent: 'NA',
  subdivision: ['NY', 'New York'],
};
const from = (ip: string) => scene.browser({ 'x-forwarded-for': ip });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-rules-'));
  const places = join(folder, 'places.mmdb');
  await writeMmdb(places, {
    '66.249.64.0/24': chelsea,
    '66.249.65.0/24': { ...chelsea, postalCode: '99999' },
    '81.2.69.0/24': { country: 'FR', city: 'Lyon', latitude: 45.75, longitude: 4.85, postalCode: '69001' },
  });
  scene = await openRuleScene({ REGULARS_GEOIP: places, REGULARS_TRUSTED_PROXIES: '127.0.0.1,::1' });
});
after(async () => {
  await scene.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => scene.noRules());

// It calls back twice where the table is not there yet, and never where the area is not in it.
const addIncome = `function (user, context, callback) {
  user.user_metadata = user.user_metadata || {};
  var geoip = user.user_metadata.geoip || context.request.geoip;

  if (!geoip || geoip.country_code !== 'US') return callback(null, user, context);

  if (global.incomeData === undefined) {
    loadIncomes(function () {
      keepIncome();
      callback(null, user, context);
    });
  } else if (global.incomeData[geoip.postal_code]) {
    keepIncome();
  }

  function loadIncomes(done) {
    request({ url: 'http://cdn.auth0.com/zip-income/householdincome.json', json: true }, function (error, response, body) {
      if (error) return callback(error);
      if (response.statusCode !== 200) return callback(new Error('no incomes'));
      global.incomeData = body;
      done();
    });
  }

  function keepIncome() {
    if (!global.incomeData[geoip.postal_code]) return;
    user.user_metadata.zipcode_income = global.incomeData[geoip.postal_code];
    context.idToken['https://example.com/zipcode_income'] = global.incomeData[geoip.postal_code];
    auth0.users.updateUserMetadata(user.user_id, user.user_metadata)
      .then(function () { callback(null, user, context); })
      .catch(function (error) { callback(error); });
  }
}`;

test('add-income runs as it is: two callbacks, a table that stays, an area that is not in it', async () => {
  const { heard } = await scene.outside(() => ({ body: '{"10001":106509,"69001":1}' }), ['cdn.auth0.com']);
  await scene.rule(addIncome);
  const claim = 'https://example.com/zipcode_income';
  const { claims } = await scene.tokens(await signUp(scene, from('66.249.64.7'), 'income@example.com', password));
  assert.equal(claims[claim], 106509);
  await untilKnown('income@example.com', 'zipcode_income');
  assert.equal((await scene.customer('income@example.com')).user_metadata.zipcode_income, 106509);
  assert.equal(heard.length, 1);

  const again = await scene.tokens(await signIn(scene, from('66.249.64.8'), 'income@example.com', password));
  assert.equal(again.claims[claim], 106509);
  const french = await scene.tokens(await signUp(scene, from('81.2.69.1'), 'lyon@example.com', password));
  assert.equal(french.claims[claim], undefined);
  assert.deepEqual((await scene.customer('lyon@example.com')).user_metadata, {});
});

test('add-income never calls back where the area is unknown: it is ended in time, under its own policy', async () => {
  await scene.outside(() => ({ body: '{"10001":106509}' }), ['cdn.auth0.com']);
  await signUp(scene, from('81.2.69.1'), 'nowhere@example.com', password);
  await scene.rule(`function (user, context, callback) { global.incomeData = {}; callback(null, user, context); }`);
  await scene.rule(addIncome, { on_failure: 'go_on', deadline_ms: 400 });
  await scene.rule(
    `function (user, context, callback) { context.idToken['https://example.com/on'] = 1; callback(null, user, context); }`,
  );
  const { claims } = await scene.tokens(await signIn(scene, from('66.249.65.1'), 'nowhere@example.com', password));
  assert.equal(claims['https://example.com/on'], 1);
});

test('rules are told how unusual a sign-in is: a new device, and a journey that nobody makes', async () => {
  await scene.rule(`function (user, context, callback) {
    context.idToken['https://shop.example/risk'] = [context.signals, context.riskAssessment];
    callback(null, user, context);
  }`);
  await scene.actions(`exports.onExecutePostLogin = async ({ authentication }, api) => {
    api.idToken.setCustomClaim('https://shop.example/same', authentication.riskAssessment);
  };`);
  const told = async (page: ReturnType<typeof signIn>) => {
    const { claims } = await scene.tokens(await page);
    const [signals, risk] = Object(claims['https://shop.example/risk']);
    assert.deepEqual(claims['https://shop.example/same'], risk);
    return { signals, risk };
  };
  const email = 'travels@example.com';
  const first = await told(signUp(scene, from('66.249.64.7'), email, password));
  assert.equal(first.risk.confidence, 'neutral');
  const far = await told(signIn(scene, from('81.2.69.1'), email, password));
  assert.deepEqual([far.signals.new_device, far.signals.new_place], [true, true]);
  assert.ok(far.signals.impossible_travel.kilometres > 5000, JSON.stringify(far.signals));
  assert.partialDeepStrictEqual(far.risk, {
    confidence: 'low',
    assessments: {
      NewDevice: { confidence: 'low', code: 'unknown_device' },
      ImpossibleTravel: { confidence: 'low', code: 'impossible_travel_from_last_login' },
      UntrustedIP: { confidence: 'neutral', code: 'assessment_not_available' },
    },
  });
});

// It does not look at the status, and does not wait for what it writes.
const fullContact = `function (user, context, callback) {
  const FULLCONTACT_KEY = configuration.FULLCONTACT_KEY;
  if (!FULLCONTACT_KEY || !user.email) return callback(null, user, context);
  if (user.user_metadata && user.user_metadata.fullcontact) return callback(null, user, context);

  const request = require('request');
  request.post({
    url: 'https://api.fullcontact.com/v3/person.enrich',
    headers: { Authorization: 'Bearer ' + FULLCONTACT_KEY },
    body: JSON.stringify({ email: user.email })
  }, function (error, response, body) {
    if (error) {
      console.log('FullContact did not answer', error);
      return callback(null, user, context);
    }
    let profile;
    try {
      profile = JSON.parse(body);
    } catch (e) {
      return callback(null, user, context);
    }
    user.user_metadata = user.user_metadata || {};
    user.user_metadata.fullcontact = profile;
    auth0.users.updateUserMetadata(user.user_id, user.user_metadata);
    const { details, ...short } = profile;
    context.idToken['https://example.com/fullcontact'] = short;
    return callback(null, user, context);
  });
}`;

test('get-fullcontact-profile runs as it is: asks once, keeps the answer after it has called back', async () => {
  await scene.api('PUT', '/rules-configs/FULLCONTACT_KEY', { value: 'key-of-the-umbrella' });
  const body = JSON.stringify({ fullName: 'Ada Byron', title: 'Engineer', details: { age: 36 } });
  const { heard } = await scene.outside(() => ({ body }), ['api.fullcontact.com']);
  await scene.rule(fullContact);
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), 'ada@example.com', password));
  assert.deepEqual(claims['https://example.com/fullcontact'], { fullName: 'Ada Byron', title: 'Engineer' });
  await untilKnown('ada@example.com', 'fullcontact');
  assert.deepEqual((await scene.customer('ada@example.com')).user_metadata.fullcontact, JSON.parse(body));
  const [asked, ...more] = heard;
  assert.deepEqual(
    [asked?.method, asked?.url, asked?.body],
    ['POST', '/v3/person.enrich', '{"email":"ada@example.com"}'],
  );
  assert.equal(asked?.headers.authorization, 'Bearer key-of-the-umbrella');
  await signIn(scene, scene.browser(), 'ada@example.com', password);
  assert.deepEqual(more, []);
});

test('get-fullcontact-profile takes what is no JSON, an error and a silence as they come', async () => {
  await scene.api('PUT', '/rules-configs/FULLCONTACT_KEY', { value: 'key-of-the-umbrella' });
  let body = '<html>';
  await scene.outside(() => ({ status: 404, body }), ['api.fullcontact.com']);
  await scene.rule(fullContact);
  const page = await signUp(scene, scene.browser(), 'broken@example.com', password);
  assert.ok(page.url.searchParams.get('code'));
  assert.deepEqual((await scene.customer('broken@example.com')).user_metadata, {});
  // A refusal is kept as if it were a profile: the fault is the rule's own.
  body = '{"status":404,"message":"Profile not found"}';
  await signIn(scene, scene.browser(), 'broken@example.com', password);
  await untilKnown('broken@example.com', 'fullcontact');
  assert.deepEqual((await scene.customer('broken@example.com')).user_metadata.fullcontact, JSON.parse(body));
});

async function untilKnown(email: string, key: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (key in (await scene.customer(email)).user_metadata) return;
    await sleep(50);
  }
}
