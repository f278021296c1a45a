import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { membersOf } from '../console/pages/actions/members.ts';
import { ruleMembers } from '../console/pages/rules/members.ts';
import { type Member, membersAt, nameOf } from '../console/ui/script-members.ts';
import { triggerIds } from '../contract/action-triggers.ts';
import type { Base } from '../server/base/base.ts';
import { now } from '../server/base/clock.ts';
import { eventToTry, exampleRecorded, inputOfRules } from '../server/surfaces/login/login.ts';
import { eventOfLogin } from '../server/surfaces/login/rules/event.ts';
import { occasionOf } from '../server/surfaces/login/rules/recorded.ts';
import { showUser } from '../server/surfaces/login/rules/user.ts';
import { testBase } from './base.ts';

// What the editors of rules and actions offer, and what the server really makes.

const lyon = {
  ...{ country: 'FR', country3: 'FRA', countryName: 'France', continent: 'EU', city: 'Lyon', postalCode: '69001' },
  ...{ latitude: 45.75, longitude: 4.85, timeZone: 'Europe/Paris', subdivision: 'ARA', subdivisionName: 'Auvergne' },
};
const opened = await testBase();
after(() => opened.close());
const base: Base = { ...opened, geo: { placeOf: () => lyon, detailsOf: () => lyon } };

const example = exampleRecorded('Username-Password-Authentication');
const recorded = {
  ...example,
  customer: {
    ...example.customer,
    ...{ phone_number: '+4930123456', phone_verified: true, last_password_reset: now() },
    ...{ user_metadata: { scent: 'rose' }, app_metadata: { roles: ['keeper'] } },
  },
};

/** Every path in it, but below what holds names of others: a portal's, the umbrella's own, of both kinds of metadata. */
function pathsIn(value: unknown, path: string): string[] {
  const isOpen = /\.(query|body|user_metadata|app_metadata|assessments|signals|vars|fields)$/.test(path);
  if (isOpen || typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, `${path}.${key}`))];
}

function missing(made: readonly string[], offered: readonly Member[]): string[] {
  const known = new Set(offered.map(({ path }) => path));
  return made.filter((path) => !known.has(path));
}

test('the editor of a rule offers everything that a rule is given', async () => {
  const { user, context } = await inputOfRules(base, recorded);
  const ofMetadata = ['user.roles'];
  const made = [...pathsIn(user, 'user'), ...pathsIn(context, 'context')].filter((path) => !ofMetadata.includes(path));
  assert.deepEqual(missing(made, ruleMembers([]).all), []);
});

for (const trigger of triggerIds) {
  test(`the editor of an action offers everything that it is given at ${trigger}`, async () => {
    assert.deepEqual(
      missing(pathsIn(await eventToTry(base, trigger, recorded), 'event'), membersOf(trigger, []).all),
      [],
    );
  });
}

test('it offers what an action is given at a refresh and behind a question, too', async () => {
  const occasion = await occasionOf(base, recorded);
  const { visit } = occasion;
  const at = now();
  const token = {
    ...{ createdAt: at, exchangedAt: at, idleEndsAt: at, endsAt: at, isRotating: true, audiences: [], scopes: [] },
  };
  const asked = {
    audience: 'https://api.example',
    login_hint: 'ada',
    response_mode: 'query',
    acr_values: 'a',
    prompt: 'login',
  };
  const wire = { ...visit.wire, asked, refreshes: { signIn: 'a-sign-in', since: at, token } };
  const told = await eventOfLogin(base, { ...occasion, visit: { ...visit, wire } }, await showUser(base, occasion), {
    id: 'q',
    fields: {},
    vars: {},
  });
  for (const name of ['refresh_token', 'resource_server', 'prompt']) assert.ok(name in told, name);
  assert.deepEqual(missing(pathsIn(told, 'event'), membersOf('post-login', []).all), []);
});

test('keys of the configuration are offered', () => {
  const { below } = membersAt(ruleMembers(['CRM_KEY', 'crm-key']));
  assert.deepEqual(below('configuration.', '').members.map(nameOf), ['CRM_KEY', '["crm-key"]']);
});
