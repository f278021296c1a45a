import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { testBase } from '../../../test/base.ts';
import { ConfigError } from '../../base/config.ts';
import { isProblem } from '../../base/errors.ts';
import { loadIncomeFiles } from '../../data.ts';
import { areaIncome, loadIncome } from './enrichment.ts';
import { readIncomeFile } from './income-file.ts';

const base = await testBase();
const folder = await mkdtemp(join(tmpdir(), 'regulars-income-'));
after(async () => {
  await base.close();
  await rm(folder, { recursive: true });
});

const header = ['NAME', 'B19013_001E', 'zip code tabulation area'];
const row = (code: string, income: string | number | null) => [`ZCTA5 ${code}`, income, code];

/** As the Census API answers: a row a line. */
function census(...rows: unknown[][]): string {
  return `[${[header, ...rows].map((one) => JSON.stringify(one)).join(',\n')}]`;
}

function file(name: string, text: string, size = 7): { name: string; chunks: AsyncIterable<string> } {
  return {
    name,
    chunks: (async function* () {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    })(),
  };
}

const load = (text: string, places?: string) =>
  loadIncome(base, {
    income: file('income.json', text),
    places: places === undefined ? undefined : file('zcta.txt', places),
  });

const gazetteer = [
  'GEOID\tALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLAT\tINTPTLONG          ',
  '94110\t6042000\t0\t2.333\t0\t37.748730\t-122.415344',
  '96813\t1\t1\t1\t1\t21.3173\t-157.8423',
  '99950\t1\t1\t1\t1\t55.542007\t-131.432682',
  '',
].join('\n');

test('the Census API as it answers: values are texts, none is a negative number or null, the ends of the scale are told', async () => {
  const text = census(
    row('94110', '139512'),
    row('10007', '250001'),
    row('00601', 2499),
    row('94128', '-666666666'),
    row('94129', null),
  );
  assert.deepEqual(await load(text), { areas: 3, withoutValue: 2, placed: 0 });
  const find = (postal_code: string) => areaIncome(base, { country: 'US', postal_code });
  assert.deepEqual(await find('94110'), { code: '94110', median_income: 139_512, bound: null, by: 'postal_code' });
  assert.deepEqual(await find('94110-1234'), await find('94110'));
  assert.partialDeepStrictEqual(await find('10007'), { median_income: 250_000, bound: 'or_more' });
  assert.partialDeepStrictEqual(await find('00601'), { median_income: 2_500, bound: 'or_less' });
  for (const unknown of ['94128', '94129', '1', '', "94110'"]) assert.equal(await find(unknown), undefined, unknown);
  assert.equal(await areaIncome(base, { country: 'DE', postal_code: '10007' }), undefined, 'a German postal code');
});

test('a position finds the nearest area; columns in any order, others among them; a loaded table replaces the old one', async () => {
  const wide = [
    ['state', 'zip code tabulation area', 'NAME', 'B19013_001M', 'B19013_001E'],
    ['06', '94110', 'ZCTA5 94110', '9', '140000'],
    ['15', '96813', 'ZCTA5 96813', '9', '80000'],
    ['48', '75001', 'ZCTA5 75001', '9', '70000'],
  ];
  assert.deepEqual(await load(JSON.stringify(wide, undefined, 2), gazetteer), { areas: 3, withoutValue: 0, placed: 2 });
  await base.settings.refresh();
  assert.equal(await areaIncome(base, { postal_code: '10007' }), undefined, 'of the old table');
  const mission = { latitude: 37.76, longitude: -122.42 };
  assert.partialDeepStrictEqual(await areaIncome(base, mission), {
    code: '94110',
    median_income: 140_000,
    by: 'position',
  });
  assert.partialDeepStrictEqual(await areaIncome(base, { ...mission, postal_code: '94999' }), { code: '94110' });
  assert.equal(await areaIncome(base, { latitude: 40.4, longitude: -3.7 }), undefined, 'nothing is near Madrid');
  // Without a gazetteer the points stay with their areas; it may be written with bars, too.
  assert.partialDeepStrictEqual(await load(census(row('94110', 1), row('99950', 2))), { placed: 1 });
  assert.partialDeepStrictEqual(await load(census(row('99950', 2)), gazetteer.replaceAll('\t', '|')), { placed: 1 });
});

const wrong: [string, string, RegExp][] = [
  ['no JSON', 'NAME,income', /line 1, is no row of a JSON array/],
  ['another JSON', '{"94110": 139512}', /line 1, is no row of a JSON array/],
  ['an empty file', '', /line 1, is the last one, but the array does not end/],
  [
    'a file that was cut off',
    census(row('94110', 1)).slice(0, -20),
    /line 2, is the last one, but the array does not end/,
  ],
  ['no rows', census(), /line 1, is followed by no area/],
  [
    'another table',
    '[["NAME","B01001_001E","zip code tabulation area"],\n["x","1","94110"]]',
    /line 1, must name .* "B19013_001E"/,
  ],
  [
    'states',
    '[["NAME","B19013_001E","state"],\n["California","1","06"]]',
    /line 1, must name .* "zip code tabulation area"/,
  ],
  ['a value too few', census(row('94110', 1), ['x', 1]), /line 3, has 2 values instead of 3/],
  ['a wrong area', census(row('9411', 1)), /line 2, names no ZIP area/],
  ['an area that is a number', census(['x', 1, 94110]), /line 2, names no ZIP area/],
  [
    'an area twice',
    census(row('94110', 1), row('94111', 1), row('94110', 1)),
    /line 4, tells of the area 94110 a second time/,
  ],
  ['an income in words', census(row('94110', 'high')), /line 2, has an income that is no whole number/],
  ['an income with cents', census(row('94110', '1.5')), /line 2, has an income that is no whole number/],
  ['rows in rows', census(row('94110', 1), [[1], 2, 3]), /line 3, has a list inside of a row/],
  ['what follows the array', `${census(row('94110', 1))}\n[]`, /line 3, is no row/],
  ['a row without end', `[["${'x'.repeat(200_000)}`, /line 1, is longer than a row can be/],
];

for (const [what, text, sentence] of wrong) {
  test(`refused, with its line, and nothing is changed: ${what}`, async () => {
    await load(census(row('33333', 5)));
    await assert.rejects(load(text), (error) => isProblem(error, 'invalid_body') && sentence.test(error.message));
    assert.ok(await areaIncome(base, { postal_code: '33333' }));
  });
}

test('a gazetteer that cannot be read is refused with its line', async () => {
  const lines = gazetteer.split('\n');
  const bad: [string, RegExp][] = [
    ['', /zcta.txt, line 1, is the last one/],
    [gazetteer.replace('INTPTLAT', 'LAT'), /line 1, must name .* "INTPTLAT"/],
    [[lines[0], '9411\t1\t1\t1\t1\t1\t1'].join('\n'), /line 2, names no ZIP area/],
    [[lines[0], lines[1], '94111\t1\t1\t1\t1\t91\t1'].join('\r\n'), /line 3, has no place in degrees/],
    [[lines[0], '94111\t1\t1\t1\t1\t1'].join('\n'), /line 2, has no place in degrees/],
  ];
  for (const [text, sentence] of bad) {
    await assert.rejects(
      load(census(row('33333', 5)), text),
      (error) => isProblem(error) && sentence.test(error.message),
    );
  }
});

test('however the file is cut into pieces and laid out, the same areas are read', async () => {
  const name = fc.string({ maxLength: 12 });
  const income = fc.option(fc.integer({ min: -999_999_999, max: 249_999 }));
  const table = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 99_999 }), income, name), {
    minLength: 1,
    selector: ([code]) => code,
  });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 3 }),
      async (rows, size, indent) => {
        const cells = rows.map(([code, value, told]) => [told, value, String(code).padStart(5, '0')]);
        const text = JSON.stringify([header, ...cells], undefined, indent);
        const read: unknown[] = [];
        for await (const { area } of readIncomeFile(file('income.json', text, size))) {
          read.push(area && [area.code, area.median_income]);
        }
        const ends: Record<number, number> = { 2499: 2500 };
        const expected = cells.map(([, value, code]) =>
          typeof value === 'number' && value >= 0 ? [code, ends[value] ?? value] : undefined,
        );
        assert.deepEqual(read, expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('33,000 areas of a file, and two loads at once: one after the other, each as a whole', async () => {
  const codes = Array.from({ length: 33_000 }, (_, index) => String(index).padStart(5, '0'));
  const path = join(folder, 'census.json');
  await writeFile(path, census(...codes.map((code) => row(code, '50000'))));
  const told: number[] = [];
  const [answer] = await Promise.all([
    loadIncomeFiles(base, { income: path }, (areas) => told.push(areas)),
    loadIncomeFiles(base, { income: path }, () => undefined),
  ]);
  assert.match(answer, /^33000 ZIP areas are known now; 0 more/);
  assert.ok(told.length >= 33 && told.at(-1) === 33_000);
  const { rows } = await base.pool.query('select count(*)::int as count from income_areas');
  assert.deepEqual(rows, [{ count: 33_000 }]);
});

test('what the operator is told of a file that is not there, or is none', async () => {
  const missing = loadIncomeFiles(base, { income: join(folder, 'gone.json') }, () => undefined);
  await assert.rejects(missing, (error) => error instanceof ConfigError && /cannot be read/.test(error.message));
  const path = join(folder, 'list.csv');
  await writeFile(path, 'zip,income\n');
  const none = loadIncomeFiles(base, { income: path }, () => undefined);
  await assert.rejects(none, (error) => error instanceof ConfigError && /list\.csv, line 1, /.test(error.message));
});
