import type { Base } from '../../base/base.ts';
import { listAttributes } from './catalogue.ts';

/** The paths that the catalogue calls sensitive, from this process's memory; at most 2 s old. */
export function sensitivePaths(base: Pick<Base, 'db' | 'settings'>): Promise<ReadonlySet<string>> {
  return base.settings.remember('sensitive-paths', async () => {
    return new Set((await listAttributes(base.db)).flatMap(({ path, sensitive }) => (sensitive ? [path] : [])));
  });
}
