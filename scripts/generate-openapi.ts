// Writes docs/openapi.json, the Management API's OpenAPI document, from the contracts of its operations.
// `--check` writes nothing and fails when the file is not what the contracts make.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { customerOperations } from '../server/surfaces/management/customer-operations.ts';
import { openApiOf } from '../server/surfaces/management/openapi.ts';
import { routes } from '../server/surfaces/management/routes.ts';

const file = new URL('../docs/openapi.json', import.meta.url);
const text = `${JSON.stringify(openApiOf(routes, customerOperations), undefined, 2)}\n`;
if (process.argv.includes('--check')) {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== text) {
    process.stderr.write('docs/openapi.json is not fresh: run `npm run generate`.\n');
    process.exitCode = 1;
  }
} else {
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
}
