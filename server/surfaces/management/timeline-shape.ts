import { browserName } from '../../../contract/browser-names.ts';
import type { ApiTimelineRow } from '../../../contract/timeline.ts';
import type { Base } from '../../base/base.ts';
import { sentenceOf } from '../../features/accounts/accounts.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import type { TimelineEntry } from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import { hideFromDetails } from './hide.ts';
import { type Sight, sees, seesBrand } from './sight.ts';
import { changedBy, type TimelineNames } from './timeline-names.ts';
import { askingIn } from './timeline-questions.ts';

/**
 * A row of the timeline as this caller may see it.
 *
 * @param names what it is about and by, as that is called
 */
export async function showTimelineRow(
  base: Base,
  entry: TimelineEntry,
  sight: Sight,
  { questions, rules }: TimelineNames,
): Promise<ApiTimelineRow> {
  const found = entry.portal === null ? undefined : await portal(base, entry.portal);
  const isOthers = found !== undefined && !seesBrand(sight, found.brand);
  const brand = entry.brand === null ? undefined : await cachedBrand(base, entry.brand);
  const question = questions.get(askingIn(entry) ?? '');
  const byName = rules.get(changedBy(entry) ?? '');
  return {
    id: entry.id,
    class: entry.class,
    name: entry.name,
    description: sentenceOf(entry.name),
    source: entry.source,
    occurred_at: entry.occurredAt.toISOString(),
    received_at: entry.receivedAt.toISOString(),
    brand: brand?.slug ?? null,
    portal: isOthers ? null : entry.portal,
    portal_name: isOthers ? null : (found?.name ?? null),
    device: entry.device,
    browser: (entry.userAgent && browserName(entry.userAgent)) ?? null,
    ip: sees(sight, 'last_ip') ? entry.ip : null,
    data: {
      ...hideFromDetails(entry.data, sight),
      ...(question !== undefined && { question }),
      ...(byName !== undefined && { by_name: byName }),
    },
  };
}
