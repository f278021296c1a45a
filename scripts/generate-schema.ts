// Writes server/base/generated/schema.ts, the types of every table, from a freshly migrated database.
// `--check` writes nothing and fails when the file is not what the migrations make.
import { readFile, writeFile } from 'node:fs/promises';
import pg from 'pg';
import { withTestDatabase } from '../test/database.ts';

type Column = { table: string; column: string; type: string; nullable: boolean; filled: boolean };

const file = new URL('../server/base/generated/schema.ts', import.meta.url);

const types: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  bpchar: 'string',
  varchar: 'string',
  inet: 'string',
  xid8: 'string',
  int8: 'ColumnType<string, string | number | bigint, string | number | bigint>',
  int4: 'number',
  int2: 'number',
  float4: 'number',
  float8: 'number',
  bool: 'boolean',
  bytea: 'Buffer',
  date: 'ColumnType<Date, Date | string, Date | string>',
  timestamptz: 'ColumnType<Date, Date, Date>',
  json: 'ColumnType<Json, string, string>',
  jsonb: 'ColumnType<Json, string, string>',
  _int4: 'number[]',
  _text: 'string[]',
  _uuid: 'string[]',
};

async function readColumns(url: string): Promise<Column[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Column>(`
      select c.relname as table, a.attname as column, t.typname as type, not a.attnotnull as nullable,
        a.atthasdef or a.attidentity <> '' as filled
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
      join pg_type t on t.oid = a.atttypid
      where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
        and c.relname <> 'migrations'
      order by c.relname, a.attnum`);
    return result.rows;
  } finally {
    await client.end();
  }
}

function typeOf(column: Column): string {
  const type = types[column.type];
  if (!type) throw new Error(`No TypeScript type for ${column.type} of ${column.table}.${column.column}`);
  const inner = /^ColumnType<(.*)>$/.exec(type)?.[1];
  const optional = column.nullable || column.filled;
  if (!inner) {
    const base = column.nullable ? `${type} | null` : type;
    return optional ? `ColumnType<${base}, ${base} | undefined, ${base}>` : base;
  }
  const [read = '', insert = '', update = ''] = inner.split(', ');
  const none = column.nullable ? ' | null' : '';
  return `ColumnType<${read}${none}, ${insert}${none}${optional ? ' | undefined' : ''}, ${update}${none}>`;
}

function render(columns: Column[]): string {
  const tables = Map.groupBy(columns, (column) => column.table);
  const text = [
    '// Made by `npm run generate` from the migrations. Do not edit.',
    "import type { ColumnType } from 'kysely';",
    "import type { Json } from '../json.ts';",
    '',
    'export interface DB {',
  ];
  for (const [table, rows] of tables) {
    text.push(`  ${table}: {`, ...rows.map((row) => `    ${row.column}: ${typeOf(row)};`), '  };');
  }
  return `${text.join('\n')}\n}\n`;
}

const text = await withTestDatabase(async (url) => render(await readColumns(url)));
if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8')) !== text) {
    process.stderr.write('server/base/generated/schema.ts is not fresh: run `npm run generate`.\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
