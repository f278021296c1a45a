import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingHours } from './opening-hours.ts';
import { runRule } from './test-run-rule.ts';

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const day = (shift: number) => names[(new Date().getUTCDay() + 7 + shift) % 7] ?? '';
const clock = (minutes: number) => {
  const date = new Date();
  const at = date.getUTCHours() * 60 + date.getUTCMinutes() + minutes;
  return at;
};
const written = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

async function isRefused(settings: object): Promise<boolean> {
  return (await runRule(openingHours, { settings: { ...settings } })).error !== undefined;
}

test('on the days that are named, from the first minute to before the last', async () => {
  const all = { from: '00:00', to: '24:00' };
  assert.equal(await isRefused({ ...all, days: [day(0)] }), false);
  assert.equal(await isRefused({ ...all, days: [day(1), day(2)] }), true);
  assert.throws(() => openingHours.settings.parse({ ...all, days: [] }), /nobody could ever sign in/);
});

test('within the hours, and not outside of them', async () => {
  const now = clock(0);
  const open = { days: names, from: written(Math.max(0, now - 5)), to: written(Math.min(1440, now + 5)) };
  assert.equal(await isRefused(open), false);
  if (now < 1430) assert.equal(await isRefused({ days: names, from: written(now + 5), to: '24:00' }), true);
  if (now > 10) assert.equal(await isRefused({ days: names, from: '00:00', to: written(now - 5) }), true);
});

test('hours over midnight belong to the day on which they begin', async () => {
  const now = clock(0);
  if (now < 10 || now > 1420) return;
  // From later today to a little after this minute of tomorrow: it is yesterday's night.
  const night = { from: written(now + 10), to: written(now + 5) };
  assert.equal(await isRefused({ ...night, days: [day(-1)] }), false);
  assert.equal(await isRefused({ ...night, days: [day(0)] }), true);
});

test('hours that end when they begin are refused: whether that is all day or never would be a guess', () => {
  for (const [from, to] of [
    ['08:00', '08:00'],
    ['00:00', '00:00'],
    ['24:00', '24:00'],
    ['24:00', '00:00'],
  ]) {
    const { error } = openingHours.settings.safeParse({ from, to });
    assert.deepEqual(error?.issues[0]?.path, ['to'], `${from} to ${to}`);
    assert.match(error?.issues[0]?.message ?? '', /are the same hour: for all day write 00:00 and 24:00$/);
  }
  assert.throws(() => openingHours.settings.parse({ to: '08:00' }), /same hour/);
  assert.ok(openingHours.settings.safeParse({ from: '00:00', to: '24:00' }).success);
});

test('by the clock of the time zone', async () => {
  const hours = { days: names, from: written(Math.max(0, clock(0) - 5)), to: written(Math.min(1440, clock(0) + 5)) };
  assert.equal(await isRefused({ ...hours, zone: 'Asia/Kolkata' }), true);
  assert.throws(() => openingHours.settings.parse({ zone: 'Middle/Earth' }));
  assert.throws(() => openingHours.settings.parse({ from: '8' }));
});
