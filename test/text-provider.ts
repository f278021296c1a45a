// A carrier of text messages and calls, as one finds them: one POST each. It can misbehave.
import { createServer, type IncomingMessage } from 'node:http';
import type { Base } from '../server/base/base.ts';
import { readOutgoingHosts, writeOutgoingHosts } from '../server/base/outgoing-hosts.ts';
import { writeTextProvider } from '../server/base/text-provider.ts';

/** How it takes the next messages. */
export type Mood = 'takes' | 'refuses' | 'fails' | 'hangs' | 'drops' | 'babbles' | 'redirects';

export type TextProviderFake = {
  readonly url: string;
  /** `host:port`, for the umbrella's own hosts. */
  readonly host: string;
  mood: Mood;
  /** What came, the oldest first. */
  readonly received: { readonly headers: IncomingMessage['headers']; readonly body: string }[];
  close(): Promise<void>;
};

export async function startTextProvider(): Promise<TextProviderFake> {
  const received: TextProviderFake['received'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    if (fake.mood === 'hangs') return;
    if (fake.mood === 'drops') return void request.socket.destroy();
    if (fake.mood === 'redirects') response.setHeader('location', 'http://169.254.169.254/');
    response.statusCode = { takes: 202, refuses: 400, fails: 503, babbles: 200, redirects: 307 }[fake.mood];
    response.end(fake.mood === 'babbles' ? 'x'.repeat(2_000_000) : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The provider has no port.');
  const host = `localhost:${address.port}`;
  const fake: TextProviderFake = {
    url: `http://${host}/messages`,
    host,
    mood: 'takes',
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

/** From now on this provider carries the text messages of a server; or nobody does. */
export async function carryTexts(
  base: Pick<Base, 'db' | 'settings' | 'vault'>,
  fake: Pick<TextProviderFake, 'url' | 'host'> | undefined,
): Promise<void> {
  const body = '{"to":"{to}","text":"{text}"}';
  const provider = fake && ({ url: fake.url, headers: {}, content_type: 'application/json', body } as const);
  const hosts = await readOutgoingHosts(base.db);
  if (fake) await writeOutgoingHosts(base.db, base.settings, [...new Set([...hosts, fake.host])]);
  await writeTextProvider(base, base.db, 'sms', provider ?? null);
  await base.settings.refresh();
}
