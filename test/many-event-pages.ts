// Opens many pages of events in a process of its own, so that what they cost the server can be measured:
// `node test/many-event-pages.ts <port> <host> <authorization> <path> ...`. Says how many are open, and how many were
// told something, a line each.
import { get } from 'node:http';

const [port, host = '', authorization = '', ...paths] = process.argv.slice(2);
let [opened, told] = [0, 0];
for (const path of paths) {
  get({ host: '127.0.0.1', port, path, headers: { host, authorization }, agent: false }, (response) => {
    if (response.statusCode === 200) opened += 1;
    response.on('data', (piece) => {
      if (!String(piece).includes('event: timeline')) return;
      told += 1;
      process.stdout.write(`told ${told}\n`);
    });
    process.stdout.write(`open ${opened}\n`);
  }).on('error', () => process.exit(0));
}
