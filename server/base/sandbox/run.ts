/**
 * Code that is run in the sandbox. Isolates are made per version and kept warm; they go when nobody runs that version
 * any more.
 */
export type Program = {
  /** Versions of one name replace each other: a new one ends what is kept of the one before. */
  readonly name?: string | undefined;
  /** Differs whenever one of the files does. */
  readonly version: string;
  /**
   * Scripts in the order in which they are run in a new isolate. Together they leave `globalThis.main`, an async
   * function from the input to the output, both JSON texts. They get at the outside by `$host` only (see `isolate.ts`).
   */
  readonly files: readonly { readonly name: string; readonly source: string }[];
};

/** So begin the names of files that are packages. */
export const packageFiles = 'packages/';

/** The files that are packages, and how many characters they have together. */
export function packagesOf(files: Program['files']): { readonly count: number; readonly characters: number } {
  const packages = files.filter(({ name }) => name.startsWith(packageFiles));
  return { count: packages.length, characters: packages.reduce((sum, { source }) => sum + source.length, 0) };
}

/**
 * One way out of the sandbox: what the code calls, answered by the server.
 *
 * A `Problem` that it throws is the error that the code gets; of a fault the code learns nothing.
 *
 * @param name which call
 * @param argument JSON, whatever the code chose to send: to be checked before it is used
 * @param call `key` is this call's own in this run, for who must not act twice; `signal` ends with the run; `characters` of
 * the argument
 */
export type HostCall = (
  name: string,
  argument: unknown,
  call: { key: string; signal: AbortSignal; characters: number },
) => Promise<unknown>;

export type Run = {
  readonly program: Program;
  /** JSON, handed to `main`. */
  readonly input: unknown;
  /** Wall time for all of it, waiting for a free place included. */
  readonly deadlineMs: number;
  readonly host: HostCall;
};
