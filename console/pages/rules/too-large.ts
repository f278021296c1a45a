// Sizes: what is larger is told with how large it may be. The server says the same of what is sent, but not of whose file.

/** 1 MB: larger files are not read. */
const mostOfFile = 1024 * 1024;
/** In bytes, of a rule. */
const mostOfScript = 100 * 1024;
/** In characters, of an action. */
const mostOfCode = 100_000;

/** The bytes of a text as it is sent and kept. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Undefined: a file of so many bytes is read. */
export function fileTooLarge(bytes: number): string | undefined {
  if (bytes <= mostOfFile) return undefined;
  return `it has ${(Math.ceil((bytes / mostOfFile) * 10) / 10).toLocaleString()} MB, and a file that is read has at most 1 MB.`;
}

/** Undefined: a rule may have this script. */
export function scriptTooLarge(script: string): string | undefined {
  const bytes = bytesOf(script);
  if (bytes <= mostOfScript) return undefined;
  return `it has ${(Math.ceil((bytes / 1024) * 10) / 10).toLocaleString()} kB, and a script has at most 100 kB.`;
}

/** Undefined: an action may have this code. */
export function codeTooLarge(code: string): string | undefined {
  if (code.length <= mostOfCode) return undefined;
  const most = mostOfCode.toLocaleString();
  return `it has ${code.length.toLocaleString()} characters, and the code of an action has at most ${most}.`;
}
