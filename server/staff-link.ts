// What the command line does for staff: links that make whoever opens them an administrator.
import type { Base } from './base/base.ts';
import { administratorLink, firstAdministratorLink } from './features/staff/staff.ts';

type Ground = Pick<Base, 'config' | 'db' | 'vault'>;

/** `staff link`: for the first administrator, and the way back in when there is no other. */
export async function staffLink(base: Ground): Promise<string> {
  const { url, expiresAt } = await administratorLink(base);
  return [
    'Whoever opens this link becomes an administrator. It works once, and the ones before it no longer:',
    `  ${url}`,
    `It is good until ${expiresAt.toISOString()}.`,
  ].join('\n');
}

/** What a start says as long as there is nobody; undefined afterwards. */
export async function firstStaffLink(base: Ground): Promise<string | undefined> {
  const link = await firstAdministratorLink(base);
  if (!link) return undefined;
  return [
    'Nobody can use the console yet. Whoever opens this link becomes its first administrator; it works once, for a day',
    '(`regulars staff link` makes another one):',
    `  ${link.url}`,
  ].join('\n');
}
