// Stands for curl in the guides' commands, where there is none: the options they use, and a refusal ends the command.
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    'no-buffer': { type: 'boolean', short: 'N' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd', multiple: true, default: [] },
  },
});
const [url = ''] = positionals;
const headers = new Headers(
  values.header.map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at), line.slice(at + 1).trim()];
  }),
);
const body = values.data.join('&');
if (body && !headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded');
const method = values.request ?? (body ? 'POST' : 'GET');
const answer = await fetch(url, { method, headers, ...(body && { body }), signal: AbortSignal.timeout(20_000) });

if (values['no-buffer']) {
  // What goes on for ever: its beginning is enough.
  const first = await answer.body?.getReader().read();
  process.stdout.write(first?.value ?? '', () => process.exit(answer.ok ? 0 : 22));
} else {
  const text = await answer.text();
  process.stdout.write(text);
  if (!answer.ok) {
    process.stderr.write(`${method} ${url} answered ${answer.status}: ${text}\n`);
    process.exitCode = 22;
  }
}
