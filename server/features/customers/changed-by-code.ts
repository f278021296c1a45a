import type { TimelineDraft } from './timeline.ts';

/** The row of the timeline: which code changed the profile, at which paths, never the values; none where it changed nothing. */
export function changedByCode(
  subject: string,
  { origin, paths, at }: { origin: string; paths: readonly string[]; at: Date },
): TimelineDraft[] {
  if (paths.length === 0) return [];
  const data = { paths: paths.slice(0, 1000), by: origin };
  return [{ class: 'profile', source: 'rules', name: 'profile_changed', subject, occurredAt: at, data }];
}
