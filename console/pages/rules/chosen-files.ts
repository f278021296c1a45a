import type { ExportFile } from './read-export.ts';
import { fileTooLarge } from './too-large.ts';

/** A file as the browser hands it over; of a folder it tells the path, too. */
type Chosen = Pick<File, 'name' | 'size' | 'text'> & { readonly webkitRelativePath?: string };

const wanted = /\.(c?js|json|ya?ml)$/i;
// What lies beside rules that somebody keeps as a package of their own.
const unwanted = /(^|\/)((node_modules|\.git)\/|package(-lock)?\.json$)/;

/** The files that may be of an export, with their texts, and what is to be said of those that are too large to be read. */
export async function readFiles(
  files: readonly Chosen[],
): Promise<{ readonly files: readonly ExportFile[]; readonly problems: readonly string[] }> {
  const read: Promise<ExportFile>[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    if (!wanted.test(path) || unwanted.test(path)) continue;
    const large = fileTooLarge(file.size);
    if (large === undefined) read.push(file.text().then((text) => ({ path, text })));
    else problems.push(`${path} is left out: ${large}${insteadOf(path)}`);
  }
  return { files: await Promise.all(read), problems };
}

function insteadOf(path: string): string {
  if (/js$/i.test(path)) return '';
  return ' If rules or actions are in it, export these alone: AUTH0_INCLUDED_ONLY tells the deploy tool what to write.';
}
