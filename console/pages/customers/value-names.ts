import type { LibraryValue } from '../../../contract/rules.ts';
import type { Attribute } from './api.ts';
import { labelIn } from './label-in.ts';
import { plain } from './value-text.ts';

/** What is known of paths: the umbrella's catalogue, and what ready rules keep. */
export type Known = { readonly catalogue: readonly Attribute[]; readonly library: readonly LibraryValue[] };

/** What the value at a path is called: by the umbrella, or else by the ready rule that keeps it, or else by its path. */
export function nameOfPath(path: string, { catalogue, library }: Known): string {
  const attribute = catalogue.find((one) => one.path === path);
  const listed = attribute ?? library.find((one) => one.path === path);
  return (listed && labelIn(listed.labels)) ?? plain(path.replace(/^(brands\.[^.]*|[^.]*)\./, ''));
}
