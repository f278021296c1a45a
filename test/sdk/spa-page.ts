import { createServer } from 'node:http';
import { build } from 'esbuild';

/** A page that gives the unmodified `@auth0/auth0-spa-js` to a test as `window.createAuth0Client`. */
export async function startSpaPage(): Promise<{ origin: string; close(): Promise<void> }> {
  const bundle = await build({
    stdin: {
      contents:
        "import { createAuth0Client } from '@auth0/auth0-spa-js'; window.createAuth0Client = createAuth0Client;",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'iife',
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer((request, response) => {
    if (request.url === '/app.js') response.setHeader('content-type', 'text/javascript').end(script);
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>App</title><script src="/app.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no address');
  return {
    origin: `http://localhost:${address.port}`,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}
