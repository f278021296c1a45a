import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository: the console's sources stand beside the server's. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

const folders = ['console', 'contract'];
// The lock file tells which versions of the packages go in.
const files = ['package-lock.json'];

/** A short hash of everything that a build of the console is made of: the same sources are the same build. */
export async function versionOfSources(): Promise<string> {
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  const paths = [...lists.flat().sort(), ...files.map((file) => join(root, file))];
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path.slice(root.length))
      .update('\0')
      .update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}
