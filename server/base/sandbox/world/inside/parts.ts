// The files before this one left what the world is made of on the global object; it is taken away from there.

/** One part of Node's library, in the form in which Node itself runs it. */
export type LibraryPart = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: unknown },
  process: object,
  internalBinding: (name: string) => Record<string, unknown>,
  primordials: object,
  ...more: unknown[]
) => void;

/** A published package, bundled. */
export type PackagePart = (exports: object, require: (id: string) => unknown, module: { exports: unknown }) => void;

type Parts = {
  library: Record<string, LibraryPart>;
  packages: Record<string, PackagePart>;
  /** What a script may write in `require()`, and which package that is. */
  names: Record<string, string>;
  /** Why a name that a script asks for is not there. */
  missing: Record<string, string>;
  /** What scripts of long ago find without asking, and what they would have to ask for. */
  oldGlobals: Record<string, string>;
  numbers: {
    constants: Record<string, Record<string, unknown>>;
    errors: [number, [string, string]][];
    versions: Record<string, string>;
    methods: string[];
    statuses: Record<string, string>;
    builtins: string[];
  };
};

declare global {
  var $parts: Parts | undefined;
}

function take(): Parts {
  const { $parts } = globalThis;
  if (!$parts) throw new Error('$parts is missing');
  Reflect.deleteProperty(globalThis, '$parts');
  return $parts;
}

/** What the world is made of. */
export const parts = take();
