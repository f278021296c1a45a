import { z } from 'zod';

// What happened to a customer, as the API shows it.

/** One row of a customer's timeline. */
export const timelineRow = z
  .strictObject({
    id: z.uuid(),
    /** What is kept and dropped together: `sign_in`, `profile`, `security`. */
    class: z.string(),
    /** `signed_in`, `value_corrected`, ... */
    name: z.string(),
    /** The name in plain words. */
    description: z.string(),
    /** Who wrote it. */
    source: z.string(),
    occurred_at: z.iso.datetime(),
    received_at: z.iso.datetime(),
    /** Slug. */
    brand: z.string().nullable(),
    /** Client id. */
    portal: z.string().nullable(),
    portal_name: z.string().nullable(),
    device: z.uuid().nullable(),
    /** What the browser called itself then, in words. */
    browser: z.string().nullable(),
    ip: z.string().nullable(),
    /** What is known besides; empty where it is about an attribute that the caller may not read. */
    data: z.record(z.string(), z.json()),
  })
  .meta({ id: 'TimelineRow' });
export type ApiTimelineRow = z.infer<typeof timelineRow>;

/** One device that a customer came by. */
export const userDevice = z
  .strictObject({
    id: z.uuid(),
    /** What it calls itself, in words: `Chrome, Windows`. */
    name: z.string().nullable(),
    user_agent: z.string(),
    first_seen: z.iso.datetime(),
    last_seen: z.iso.datetime(),
  })
  .meta({ id: 'UserDevice' });
