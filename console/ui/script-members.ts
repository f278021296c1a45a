/** Something that code finds, by its path. */
export type Member = { readonly path: string; readonly type: string; readonly about: string };

/** What code finds: the parameters of its function, in order, whatever it calls them; and what else there is. */
export type Members = { readonly parameters: readonly string[]; readonly all: readonly Member[] };

/** Finds members in a text. */
export type MemberFinder = {
  /** Those below what was typed, `user.app_`: with `at`, how much of it is of the member itself. */
  below(typed: string, text: string): { readonly members: readonly Member[]; readonly own: string };
  /** The one that is named: `user.email`. */
  named(path: string, text: string): Member | undefined;
};

export function membersAt({ parameters, all }: Members): MemberFinder {
  const byPath = new Map(all.map((member) => [member.path, member]));
  /** The path as the table has it, whatever the function calls its parameters. */
  function known(path: string, text: string): string {
    const [head = '', ...rest] = path.split('.');
    const place = namesIn(text).indexOf(head);
    return [parameters[place] ?? head, ...rest].join('.');
  }
  return {
    below(typed, text) {
      const cut = typed.lastIndexOf('.');
      const parent = cut < 0 ? '' : known(typed.slice(0, cut), text);
      return { members: all.filter(({ path }) => parentOf(path) === parent), own: typed.slice(cut + 1) };
    },
    named: (path, text) => byPath.get(known(path, text)),
  };
}

/** Members below this one that people have named, as code writes them: `secrets.KEY`, `secrets["A-KEY"]`. */
export function namedBelow(parent: string, names: readonly string[], about: string): Member[] {
  return names.map((name) => {
    const path = /^[A-Za-z_$][\w$]*$/.test(name) ? `${parent}.${name}` : `${parent}[${JSON.stringify(name)}]`;
    return { path, type: 'string', about };
  });
}

/** The last part of a member's path: `email`, `["A-KEY"]`. */
export function nameOf({ path }: Member): string {
  return path.slice(parentOf(path).length).replace(/^\./, '');
}

function parentOf(path: string): string {
  const bracket = path.indexOf('[');
  return path.slice(0, bracket < 0 ? Math.max(0, path.lastIndexOf('.')) : bracket);
}

/** What the first function calls its parameters. */
function namesIn(text: string): string[] {
  const [, named = ''] = /(?:function\b[^(]*|=\s*async\s*|=\s*|^\s*async\s*|^\s*)\(([\w$,\s]*)\)/m.exec(text) ?? [];
  return named.split(',').map((name) => name.trim());
}
