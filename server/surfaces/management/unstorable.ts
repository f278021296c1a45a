const deepest = 64;

/**
 * What PostgreSQL cannot hold, or what would exhaust a reader, wherever it stands in a request: NUL, halves of
 * surrogate pairs, nesting without end. Tells where it is, in Auth0's words; undefined when all is well.
 */
export function refuseUnstorable(value: unknown): string | undefined {
  const left: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 0 }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { path, depth } = next;
    if (typeof next.value === 'string' && !isStorable(next.value)) {
      return `'String contains characters that cannot be stored'${onProperty(path)}`;
    }
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (depth === deepest) return `'Nested more than ${deepest} levels deep'${onProperty(path)}`;
    for (const [key, inner] of Object.entries(next.value)) {
      if (!isStorable(key)) return `'Property name contains characters that cannot be stored'${onProperty(path)}`;
      left.push({ value: inner, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
    }
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function onProperty(path: string): string {
  return path === '' ? '' : ` on property ${path}`;
}
