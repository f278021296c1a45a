import { Agent, request } from 'node:http';

export type Answer = { status: number; body: string; headers: Record<string, string | string[] | undefined> };

export type Ask = {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as a form. */
  form?: Record<string, string>;
};

/** HTTP over kept connections, without following redirects: as little work beside the server's as possible. */
export class Caller {
  readonly #agent: Agent;
  readonly #origin: URL;

  constructor(origin: string, sockets: number) {
    this.#origin = new URL(origin);
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets });
  }

  send(path: string, { method = 'GET', headers = {}, form }: Ask = {}): Promise<Answer> {
    const body = form && new URLSearchParams(form).toString();
    const all = body
      ? { ...headers, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
      : headers;
    return new Promise((resolve, reject) => {
      const options = {
        agent: this.#agent,
        host: this.#origin.hostname,
        port: this.#origin.port,
        path,
        method,
        headers: all,
        timeout: 60_000,
      };
      const outgoing = request(options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            headers: incoming.headers,
          }),
        );
      });
      outgoing.on('error', reject);
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${path} within 60 s`)));
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

export type Measured = { perSecond: number; count: number; p50: number; p99: number; seconds: number };

/**
 * Lets `workers` repeat `act(worker)` for `seconds`, after a warm-up that is not counted. Milliseconds.
 * An act that throws ends the measurement: a benchmark of failures says nothing.
 */
export async function measure(
  workers: number,
  seconds: number,
  act: (worker: number) => Promise<void>,
  warmUpSeconds = Math.min(2, seconds / 3),
): Promise<Measured> {
  const times: number[] = [];
  const begin = performance.now() + warmUpSeconds * 1000;
  const end = begin + seconds * 1000;
  async function repeat(worker: number): Promise<void> {
    for (let start = performance.now(); start < end; start = performance.now()) {
      await act(worker);
      const done = performance.now();
      if (start >= begin && done <= end) times.push(done - start);
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => repeat(worker)));
  times.sort((a, b) => a - b);
  return {
    perSecond: times.length / seconds,
    count: times.length,
    p50: times[Math.floor(times.length * 0.5)] ?? Number.NaN,
    p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
    seconds,
  };
}
