import assert from 'node:assert/strict';
import { test } from 'node:test';

test('a day is the same day wherever its reader is; an instant is of their own', async () => {
  const before = process.env.TZ;
  try {
    for (const zone of ['America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Paris']) {
      process.env.TZ = zone;
      // Each time anew: the zone is that of when they are loaded.
      const { date, day, today } = await import(`./words.ts?${zone}`);
      assert.match(date('2026-12-01'), /\b1\b/, zone);
      assert.equal(date('soon'), 'soon');
      assert.equal(today(), new Date().toLocaleDateString('sv', { timeZone: zone }), zone);
      assert.match(day('2026-12-01T01:30:00Z'), zone === 'America/Los_Angeles' ? /\b30\b/ : /\b1\b/, zone);
    }
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
