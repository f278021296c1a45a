// A program of its own, so that signing in is not slowed by it: builds the console into the folder that is named, and
// prints a line each time it knows more.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [, , outDir] = process.argv;
if (!outDir) throw new Error('Name the folder to build into.');

let seen = 0;
await build({
  root: fileURLToPath(new URL('../../../console/', import.meta.url)),
  base: '/console/',
  logLevel: 'error',
  // Nobody's .env decides what staff see.
  envDir: false,
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic' } },
  build: { outDir, emptyOutDir: true, target: 'es2022', sourcemap: false, modulePreload: { polyfill: false } },
  plugins: [
    {
      name: 'progress',
      moduleParsed() {
        seen += 1;
        if (seen % 500 === 0) process.stdout.write(`${seen} modules read\n`);
      },
    },
  ],
});
