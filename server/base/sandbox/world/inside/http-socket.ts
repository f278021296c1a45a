// A "connection" for Node's own HTTP client: it reads the request that is written to it, has the server make the call,
// and hands the answer to the parser below. No bytes of HTTP come back, so there is nothing to parse.
import type { Duplex } from 'node:stream';
import { whenDone } from './event-loop.ts';
import { host } from './host.ts';
import { exchange, type HttpAnswer } from './http-answer.ts';
import { ownerOf } from './http-owners.ts';
import { addressOf, type ConnectOptions, createRequestReader, type ReadRequest } from './http-request-reader.ts';

type DuplexClass = new (options: object) => Duplex;
type Timers = { setTimeout: typeof setTimeout; clearTimeout: typeof clearTimeout };

/** Makes `net.Socket` over Node's own streams and timers. */
export function makeSocket(Base: DuplexClass, { setTimeout, clearTimeout }: Timers) {
  return class Socket extends Base {
    readonly encrypted: boolean;
    // Of who opens it without a request: what it is used for begins later, when another script may go on.
    readonly #owner = host.owner();
    /** The request that Node's client has put on it. */
    declare _httpMessage: unknown;
    readonly #place: ConnectOptions;
    readonly authorized = true;
    readonly remoteFamily = 'IPv4';
    connecting = true;
    timeout = 0;
    bytesRead = 0;
    bytesWritten = 0;
    answer: HttpAnswer | undefined;
    #take = createRequestReader();
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor(place: ConnectOptions = {}, encrypted = false) {
      super({ autoDestroy: true, emitClose: true, allowHalfOpen: false });
      this.encrypted = encrypted;
      this.#place = place;
      if (place.timeout) this.setTimeout(place.timeout);
    }

    /** Tells whoever waits that the "connection" stands; whether there is anybody is known with the answer. */
    stand(): this {
      whenDone(
        Promise.resolve(),
        () => {
          if (this.destroyed) return;
          this.connecting = false;
          this.emit('connect');
          if (this.encrypted) this.emit('secureConnect');
          this.emit('ready');
        },
        () => {},
      );
      return this;
    }

    override _read(): void {}

    override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
      this.bytesWritten += chunk.length;
      this.#touch();
      const request = this.#take(chunk);
      if (request) this.#send(request);
      done();
    }

    override _final(done: (error?: Error | null) => void): void {
      done();
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      clearTimeout(this.#timer);
      done(error);
    }

    setTimeout(ms: number, listener?: () => void): this {
      this.timeout = ms;
      clearTimeout(this.#timer);
      if (listener && ms === 0) this.removeListener('timeout', listener);
      else if (listener) this.once('timeout', listener);
      this.#touch();
      return this;
    }

    setNoDelay(): this {
      return this;
    }

    setKeepAlive(): this {
      return this;
    }

    ref(): this {
      return this;
    }

    unref(): this {
      return this;
    }

    address() {
      return {};
    }

    destroySoon(): void {
      this.end();
      this.destroy();
    }

    #touch(): void {
      clearTimeout(this.#timer);
      if (this.timeout > 0 && !this.destroyed) this.#timer = setTimeout(() => this.emit('timeout'), this.timeout);
    }

    #send({ method, target, headers, body }: ReadRequest): void {
      const url = addressOf(this.#place, this.encrypted, target);
      const ofRequest = ownerOf(this._httpMessage);
      const owner = ofRequest === undefined ? this.#owner : ofRequest;
      whenDone(
        exchange({ method, url, headers, body, timeoutMs: this.timeout, owner }),
        (answer) => this.#receive(answer),
        (error) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    }

    #receive(answer: HttpAnswer): void {
      if (this.destroyed) return;
      this.#touch();
      this.answer = answer;
      this.bytesRead += this.answer.body.length;
      // One byte wakes the client; it then asks its parser, which looks at `answer`.
      this.push(new Uint8Array(1));
    }
  };
}
