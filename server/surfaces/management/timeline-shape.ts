import type { ApiTimelineRow } from '../../../contract/timeline.ts';
import type { Base } from '../../base/base.ts';
import { browserName } from '../../base/browser-names.ts';
import type { JsonObject } from '../../base/json.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import type { TimelineEntry } from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import type { MayRead } from './may-read.ts';

/** A row of the timeline as this caller may see it. */
export async function showTimelineRow(base: Base, entry: TimelineEntry, may: MayRead): Promise<ApiTimelineRow> {
  const at = entry.portal === null ? undefined : await portal(base, entry.portal);
  const brand = entry.brand === null ? undefined : await cachedBrand(base, entry.brand);
  return {
    id: entry.id,
    class: entry.class,
    name: entry.name,
    description: entry.name.replaceAll('_', ' '),
    source: entry.source,
    occurred_at: entry.occurredAt.toISOString(),
    received_at: entry.receivedAt.toISOString(),
    brand: brand?.slug ?? null,
    portal: entry.portal,
    portal_name: at?.name ?? null,
    device: entry.device,
    browser: (entry.userAgent && browserName(entry.userAgent)) ?? null,
    ip: entry.ip,
    data: readable(entry.data, may),
  };
}

/** Without what is about attributes that the caller may not read. */
function readable(data: JsonObject, may: MayRead): JsonObject {
  const { path, paths } = data;
  if (typeof path === 'string' && !may(path)) return {};
  if (!Array.isArray(paths)) return data;
  return { ...data, paths: paths.filter((one) => typeof one !== 'string' || may(one)) };
}
