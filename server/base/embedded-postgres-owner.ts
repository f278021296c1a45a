import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The user that PostgreSQL runs as; none: the one that runs this program (and always on Windows). */
export type Owner = { readonly uid: number; readonly gid: number } | undefined;

/** Is this program run by root, whom PostgreSQL refuses to serve? */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user for a new database: the machine's `postgres` or else `nobody` when root starts it. */
export function ownerForNew(): Owner {
  if (!isRoot()) return undefined;
  return findUser('postgres') ?? findUser('nobody') ?? { uid: 65_534, gid: 65_534 };
}

/** The user that a database which is there belongs to. */
export function ownerOf(cluster: string): Owner {
  if (!isRoot()) return undefined;
  const { uid, gid } = statSync(cluster);
  return { uid, gid };
}

/** The first folder on the way to `path` (itself included) that `owner` cannot pass, or undefined. */
export function closedFolder(path: string, owner: Owner): string | undefined {
  if (!owner) return undefined;
  const parent = dirname(path);
  const above = parent === path ? undefined : closedFolder(parent, owner);
  if (above) return above;
  const { mode, uid, gid } = statSync(path);
  const digit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
  return mode & digit ? undefined : path;
}

function findUser(name: string): Owner {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((row) => row.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
  } catch {
    return undefined; // no such file on this system
  }
}
