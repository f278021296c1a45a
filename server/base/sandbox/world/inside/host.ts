// What the process outside gives us. It is taken once, before anything else runs, and is gone from the global object.

type Host = {
  call(name: string, argument: string, owner?: number | null): Promise<string>;
  log(level: string, text: string): void;
  mark(script: number): void;
  checkpoint(json: string, ...more: unknown[]): void;
  wait(ms: number): Promise<void>;
  mend(): string[];
  guard(value: unknown, name: string): void;
  adopt<Loaded>(load: () => Loaded): Loaded;
  native(name: string, ...values: unknown[]): unknown;
  later(name: string, values: unknown[]): Promise<string>;
  told(id: string): unknown;
  own(script: number): void;
  ownTimer(script: number | undefined): void;
  owner(): number | null;
  owners(): readonly [first: number, last: number, isSure: boolean];
  onDropped(listener: (call: string, owner?: number) => void): void;
  onUncaught(listener: (error: Error, first?: number, last?: number, isSure?: boolean) => void): void;
};

declare global {
  var $host: Host | undefined;
}

function take(): Host {
  const { $host } = globalThis;
  if (!$host) throw new Error('$host is missing');
  Reflect.deleteProperty(globalThis, '$host');
  return { ...$host };
}

/** The ways out of the isolate: for our own code alone. */
export const host = take();

const { parse, stringify } = JSON;
const OwnPromise = Promise;
const thenOf = Function.prototype.call.bind(Promise.prototype.then);

/** `then` that stays what it is when somebody changes that of all promises. */
export function then<Value>(
  promise: Promise<Value>,
  fulfilled: (value: Value) => void,
  rejected: (error: unknown) => void = () => {},
): void {
  thenOf(promise, fulfilled, rejected);
}

/**
 * Has Node outside do something.
 *
 * @throws what Node throws there, made anew here
 */
export function native(name: string, ...values: unknown[]): unknown {
  return outcomeOf(name, host.native(name, ...values));
}

function textFrom(name: string, first: string, second?: string): string | undefined {
  const answer = host.native(name, first, second);
  const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Parts of tokens, made by Node outside: of an object inside, code can change what it does with a secret. */
export const tokensOfNode = {
  encodeText: (text: string) => textFrom('token.encode', text),
  /** What is no base64url is left out. */
  decodeText: (part: string) => textFrom('token.decode', part),
  /** HMAC with SHA-256, in base64url. */
  sign: (text: string, secret: string) => textFrom('token.sign', text, secret),
};

/** The same on another thread: for what takes long. */
export function nativeLater(name: string, values: unknown[]): Promise<() => unknown> {
  return new OwnPromise((resolve, reject) => {
    then(host.later(name, values), (id) => resolve(() => outcomeOf(name, host.told(id))), reject);
  });
}

function outcomeOf(name: string, answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) throw new Error(`no answer to ${name}`);
  if ('thrown' in answer) throw remade(answer.thrown);
  return 'value' in answer ? answer.value : undefined;
}

const kinds: Record<string, new (message: string) => Error> = { TypeError, RangeError, SyntaxError };

function remade(thrown: unknown): Error {
  const { name, message, ...own } = { name: 'Error', message: '', ...Object(thrown) };
  const Kind = kinds[name] ?? Error;
  return Object.assign(new Kind(String(message)), own);
}

/** Calls the server in the name of a script, whatever is said of how objects are read as JSON. */
export function callServerAs(script: number, name: string, value: unknown): Promise<unknown> {
  return new OwnPromise((resolve, reject) => {
    const text = `{"by":${script},"value":${stringify(value) ?? 'null'}}`;
    then(host.call(name, text), (answer) => resolve(parse(answer)), reject);
  });
}

/** Calls the server: JSON there and back. `owner`: the script that asked, if it may not be the one that goes on now. */
export function callServer(name: string, value: unknown, owner?: number | null): Promise<unknown> {
  return new OwnPromise((resolve, reject) => {
    then(host.call(name, stringify(value) ?? 'null', owner), (answer) => resolve(parse(answer)), reject);
  });
}
