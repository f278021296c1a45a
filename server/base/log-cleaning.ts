const hidden = '[hidden]';
const deepest = 6;

const secretPart =
  /password|passphrase|secret|token|authorization|cookie|verifier|assertion|credential|apikey|privatekey|ticket|jwt|dpop|otp$/;
const secretName = new Set([
  'code',
  'hash',
  'state',
  'nonce',
  'pin',
  'usercode',
  'devicecode',
  'session',
  'query',
  'body',
]);
// Fastify's objects are written by the log's serializers; they never get here as plain objects.
const framework = new Set(['req', 'res']);
// Without one of these `cleanText` finds nothing: most of what is logged of a request.
const suspicious = /[?@\s]|eyJ/;

/** A copy of what is to be logged, without secrets, bounded in depth, errors reduced to what helps. */
export function clean(record: object): Record<string, unknown> {
  return cleanObject(record, 0);
}

/** Text without the queries of addresses, without credentials in addresses and headers, and without JWTs. */
export function cleanText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${hidden}@`)
    .replace(/((?:https?:\/\/|\s\/|^\/)[^\s?"'<>]*)\?[^\s"'<>]+/gi, '$1?…')
    .replace(/\b(Bearer|Basic|DPoP)\s+[\w.~+/=-]+/gi, `$1 ${hidden}`)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, hidden);
}

function cleanObject(record: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    copy[name] = isSecretName(name) && value !== undefined && value !== null ? hidden : cleanValue(name, value, depth);
  }
  return copy;
}

// Every request logs the same few names.
const looked = new Map<string, boolean>();
const mostLooked = 500;

function isSecretName(name: string): boolean {
  const known = looked.get(name);
  if (known !== undefined) return known;
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const isSecret = secretName.has(plain) || secretPart.test(plain);
  if (looked.size < mostLooked) looked.set(name, isSecret);
  return isSecret;
}

function cleanValue(name: string, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return cleanError(value, depth);
  if (value instanceof Date) return value;
  if (value instanceof URL) return `${value.origin}${value.pathname}`;
  if (depth >= deepest) return '…';
  if (Array.isArray(value)) return value.map((item) => cleanValue(name, item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return cleanObject(value, depth + 1);
  return framework.has(name) ? value : `[${value.constructor?.name ?? 'object'}]`;
}

/** Errors of libraries carry requests, responses and query parameters: only these five say what went wrong. */
function cleanError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: name,
    message: cleanText(message),
    ...(code && /^[A-Za-z0-9_]{2,60}$/.test(code) && { code }),
    stack: cleanText(stack ?? ''),
    ...(cause !== undefined && depth < deepest && { cause: cleanValue('cause', cause, depth + 1) }),
  };
}
