// Says in one sentence which Node is needed, before an older one trips over TypeScript. Plain JavaScript for that.
const [major = '0'] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `Regulars needs Node 24, and this is ${process.version}: run \`npm ci\`, which brings Node 24 on Linux and Windows, and start by \`npm start\`; elsewhere install it from https://nodejs.org.\n`,
  );
  process.exit(2);
}
