import { type TriggerId, triggerIds, triggers } from './triggers.ts';

/** What does the same, or nearly: by the member or its group, and which member of `api` it takes. */
const ways: Readonly<Record<string, { readonly by?: string; readonly says: string }>> = {
  roles: { says: 'keep them in app_metadata.roles, and read event.user.app_metadata.roles' },
  groups: { says: 'keep them in app_metadata, and read event.user.app_metadata' },
  samlResponse: {
    by: 'idToken.setCustomClaim',
    says: 'portals come by OpenID Connect, so add claims by api.idToken.setCustomClaim',
  },
  'session.setMetadata': {
    by: 'user.setAppMetadata',
    says: 'keep it by api.transaction.setMetadata for this sign-in, or by api.user.setAppMetadata for longer',
  },
  'refreshToken.setMetadata': {
    by: 'user.setAppMetadata',
    says: 'keep it with the customer by api.user.setAppMetadata',
  },
  'session.deleteMetadata': { by: 'user.setAppMetadata', says: 'there are none; take it out' },
  'session.evictMetadata': { by: 'user.setAppMetadata', says: 'there are none; take it out' },
  'refreshToken.deleteMetadata': { by: 'user.setAppMetadata', says: 'there are none; take it out' },
  'refreshToken.evictMetadata': { by: 'user.setAppMetadata', says: 'there are none; take it out' },
  'session.setExpiresAt': { by: 'session.revoke', says: 'api.session.revoke ends it at once' },
  'session.setIdleExpiresAt': { by: 'session.revoke', says: 'api.session.revoke ends it at once' },
  'refreshToken.setExpiresAt': { by: 'refreshToken.revoke', says: 'api.refreshToken.revoke ends it at once' },
  'refreshToken.setIdleExpiresAt': { by: 'refreshToken.revoke', says: 'api.refreshToken.revoke ends it at once' },
  'access.rejectInvalidSubjectToken': { by: 'access.deny', says: 'api.access.deny refuses' },
};

/** What to do instead of a member that works elsewhere, or nowhere; it is a part of a sentence. */
export function otherWay(path: string, trigger: TriggerId): string {
  const { members } = triggers[trigger];
  const [group = ''] = path.split('.');
  const way = ways[path] ?? ways[group];
  if (way && (way.by === undefined || members.includes(way.by))) return way.says;
  const near = nearMembers(path, members);
  if (near.length > 0) return `there is ${listed(near)}`;
  const elsewhere = triggerIds.filter((id) => triggers[id].members.some((one) => isIn(path, one)));
  return elsewhere.length > 0 ? `it works at ${elsewhere.join(', ')}` : 'take it out';
}

/** What is there instead of a member that nobody has. */
export function nearestTo(path: string, trigger: TriggerId): string {
  const { members } = triggers[trigger];
  const near = nearMembers(path, members);
  if (near.length > 0) return `there is ${listed(near)}`;
  const [group = ''] = path.split('.');
  const groups = [...new Set(members.map((one) => one.replace(/\..*$/, '')))];
  const meant = groups.find((one) => areNear(one, group));
  const names = members.flatMap((one) => (one.startsWith(`${meant}.`) ? [one.slice(`${meant}.`.length)] : []));
  return meant === undefined ? `api has ${groups.join(', ')}` : `api.${meant} has ${names.join(', ')}`;
}

/** Members of nearly this path; else those of the same name in another group. */
function nearMembers(path: string, members: readonly string[]): readonly string[] {
  const near = members.filter((one) => areNear(one, path));
  if (near.length > 0) return near;
  const name = path.replace(/^.*\./, '');
  return members.filter((one) => one.endsWith(`.${name}`));
}

function listed(members: readonly string[]): string {
  return members.map((one) => `api.${one}`).join(', ');
}

function isIn(path: string, member: string): boolean {
  return member === path || member.startsWith(`${path}.`);
}

/** But for capitals, and for two letters that are missing, too many or others. */
function areNear(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (Math.abs(a.length - b.length) > 2) return false;
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (const [place, letter] of [...a].entries()) {
    const next = [place + 1];
    for (const [at, against] of [...b].entries()) {
      const [left = 0, above = 0, aslant = 0] = [next[at], row[at + 1], row[at]];
      next.push(Math.min(left + 1, above + 1, aslant + (letter === against ? 0 : 1)));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) <= 2;
}
