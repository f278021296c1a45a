// Says in one sentence which Node is needed, before an older one trips over TypeScript. Plain JavaScript for that.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const [major = '0'] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `Regulars needs Node 24, and this is ${process.version}: run \`npm ci\`, which brings Node 24 on Linux and Windows, and start by \`npm start\`; elsewhere install it from https://nodejs.org.\n`,
  );
  process.exit(2);
}

// What was compiled is kept beside the packages, where only who installed them writes: the next start, and each program
// that this one starts, is faster by it.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
