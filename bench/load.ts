import { connect, type Socket } from 'node:net';

export type Answer = { status: number; body: string; headers: Record<string, string | string[] | undefined> };

export type Ask = {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as a form. */
  form?: Record<string, string>;
};

const patienceMs = 60_000;

/**
 * HTTP/1.1 over kept connections, without following redirects: as little work beside the server's as possible, so no
 * more of the protocol than our servers and bare oidc-provider speak (a length, or chunks without trailers).
 */
export class Caller {
  readonly #origin: URL;
  readonly #most: number;
  readonly #idle: Socket[] = [];
  readonly #waiting: ((socket: Socket) => void)[] = [];
  #open = 0;

  constructor(origin: string, sockets: number) {
    this.#origin = new URL(origin);
    this.#most = sockets;
  }

  async send(path: string, { method = 'GET', headers = {}, form }: Ask = {}): Promise<Answer> {
    const body = form ? new URLSearchParams(form).toString() : '';
    const { host = this.#origin.host, ...others } = headers;
    let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
    for (const [name, value] of Object.entries(others)) if (value !== '') head += `${name}: ${value}\r\n`;
    if (form)
      head += `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    const socket = await this.#take();
    try {
      const answer = await exchange(socket, `${head}\r\n${body}`, path);
      this.#giveBack(answer.headers.connection === 'close' ? undefined : socket, socket);
      return answer;
    } catch (error) {
      this.#giveBack(undefined, socket);
      throw error;
    }
  }

  close(): void {
    for (const socket of this.#idle) socket.destroy();
  }

  async #take(): Promise<Socket> {
    for (let socket = this.#idle.pop(); socket; socket = this.#idle.pop()) if (!socket.destroyed) return socket;
    if (this.#open >= this.#most) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#open += 1;
    return this.#connect();
  }

  #connect(): Socket {
    const socket = connect({ host: this.#origin.hostname, port: Number(this.#origin.port), noDelay: true });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer within a minute')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#open -= 1;
    });
    return socket;
  }

  #giveBack(kept: Socket | undefined, used: Socket): void {
    if (!kept) used.destroy();
    const next = this.#waiting.shift();
    if (!next) {
      if (kept) this.#idle.push(kept);
      return;
    }
    if (!kept) this.#open += 1;
    next(kept ?? this.#connect());
  }
}

function exchange(socket: Socket, sent: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = readAnswer(received);
      if (answer) end(() => resolve(answer));
    };
    const onClose = () => end(() => reject(new Error(`the connection was closed before ${path} was answered`)));
    const end = (then: () => void) => {
      socket.off('data', onData).off('close', onClose);
      then();
    };
    socket.on('data', onData).on('close', onClose);
    socket.write(sent);
  });
}

/** Undefined while some of it is still on the way. */
function readAnswer(received: Buffer): Answer | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [first = '', ...lines] = received.toString('latin1', 0, headEnd).split('\r\n');
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    const value = line.slice(at + 1).trim();
    if (name === 'set-cookie') headers[name] = [...(headers[name] ?? []), value];
    else headers[name] = value;
  }
  const body = readBody(received.subarray(headEnd + 4), headers);
  return body === undefined ? undefined : { status: Number(first.slice(9, 12)), headers, body };
}

function readBody(rest: Buffer, headers: Answer['headers']): string | undefined {
  if (headers['transfer-encoding'] !== 'chunked') {
    const length = Number(headers['content-length'] ?? 0);
    return rest.length < length ? undefined : rest.toString('utf8', 0, length);
  }
  const chunks: Buffer[] = [];
  for (let from = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', from);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(rest.toString('latin1', from, lineEnd), 16);
    if (rest.length < lineEnd + 2 + length + 2) return undefined;
    if (length === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(rest.subarray(lineEnd + 2, lineEnd + 2 + length));
    from = lineEnd + 2 + length + 2;
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
