// Writes docs/config.md and .env.example from the table of settings. `--check` writes nothing and fails when they differ.
import { readFile, writeFile } from 'node:fs/promises';
import { variables } from '../server/base/config.ts';

const root = new URL('../', import.meta.url);

function renderGuide(): string {
  const rows = Object.entries(variables).map(
    ([name, [meaning, otherwise]]) => `| \`${name}\` | ${meaning} | ${otherwise} |`,
  );
  return `# Settings

Made by \`npm run generate\` from \`server/base/config.ts\`. Do not edit.

Settings are environment variables, or lines of a file \`.env\` in the folder that the server is started in. Only what is
needed to start is a setting; all else is kept in the database and changed by the API. A wrong value, or a \`REGULARS_\`
variable that is not listed here, stops the start with one sentence and exit code 2.

| variable | meaning | when not set |
|---|---|---|
${rows.join('\n')}
`;
}

function renderExample(): string {
  const lines = Object.entries(variables).map(
    ([name, [meaning, otherwise]]) => `# ${meaning.replaceAll('`', '')} (${otherwise})\n#${name}=\n`,
  );
  return `# Copy to .env and uncomment what you set. Made by \`npm run generate\`; explained in docs/config.md.\n\n${lines.join('\n')}`;
}

for (const [name, text] of [
  ['docs/config.md', renderGuide()],
  ['.env.example', renderExample()],
] as const) {
  const file = new URL(name, root);
  if (!process.argv.includes('--check')) {
    await writeFile(file, text);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${name} is not fresh: run \`npm run generate\`.\n`);
    process.exitCode = 1;
  }
}
