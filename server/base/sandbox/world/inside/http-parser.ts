// What stands for the parser of Node's HTTP client: the answer is there already, it is only told in the parser's way.
import { bufferOf } from './buffers.ts';
import type { HttpAnswer } from './http-answer.ts';

type Listener = (this: unknown, ...values: unknown[]) => unknown;

/** `internalBinding('http_parser')`: methods and the parser. */
export function httpParserBinding(methods: readonly string[]) {
  class HTTPParser {
    static readonly REQUEST = 1;
    static readonly RESPONSE = 2;
    static readonly kOnMessageBegin = 0;
    static readonly kOnHeaders = 1;
    static readonly kOnHeadersComplete = 2;
    static readonly kOnBody = 3;
    static readonly kOnMessageComplete = 4;
    static readonly kOnExecute = 5;
    static readonly kOnTimeout = 6;
    static readonly kLenientNone = 0;
    static readonly kLenientAll = 255;

    [listener: number]: Listener | undefined;
    socket: { answer: HttpAnswer | undefined; push(bytes: unknown): boolean } | null = null;
    outgoing: { shouldKeepAlive?: boolean } | null = null;

    initialize(): void {}
    close(): void {}
    free(): void {}
    remove(): void {}
    unconsume(): void {}
    finish(): void {}
    getCurrentBuffer(): undefined {}

    execute(bytes: Uint8Array): number {
      const answer = this.socket?.answer;
      if (!this.socket || !answer) return bytes.length;
      this.socket.answer = undefined;
      const { status, statusText, headers, body } = answer;
      const keeps = this.outgoing?.shouldKeepAlive !== false;
      const skips = this[2]?.call(this, 1, 1, headers.flat(), undefined, undefined, status, statusText, false, keeps);
      if (!skips && body.length > 0) this[3]?.call(this, bufferOf(body));
      this[4]?.call(this);
      return bytes.length;
    }
  }
  return { methods, allMethods: methods, HTTPParser, ConnectionsList: class {} };
}
