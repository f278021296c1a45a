// Parts of Node's library with their types.

/** `require` of Node's library. */
export type Load = (id: string) => Record<string, unknown>;

type Known = {
  stream: typeof import('node:stream');
  buffer: typeof import('node:buffer');
  timers: typeof import('node:timers');
  'internal/util/inspect': Pick<typeof import('node:util'), 'format' | 'inspect'>;
};

function isPart<Name extends keyof Known>(part: object, member: string): part is Known[Name] {
  return member in part;
}

function typed<Name extends keyof Known>(name: Name, member: string): (load: Load) => Known[Name] {
  return (load) => {
    const part = load(name);
    if (!isPart<Name>(part, member)) throw new Error(`${name} is not there`);
    return part;
  };
}

export const streamOf = typed('stream', 'Duplex');
export const bufferOf = typed('buffer', 'Buffer');
export const timersOf = typed('timers', 'setTimeout');
export const inspectOf = typed('internal/util/inspect', 'format');
