import { z } from 'zod';
import { text } from './text.ts';

// What staff write about a customer.

const author = z.strictObject({
  kind: z.literal(['machine', 'staff']),
  /** A client id, or the id of one of the staff. */
  id: z.string(),
  /** What they were called when they wrote it; null: it was not kept. */
  name: z.string().nullable(),
});
const instant = z.iso.datetime();
const noteText = text(10_000, 1);
const ifVersion = z.int().min(1).optional();

/** One note, as the API shows it. */
export const note = z
  .strictObject({
    id: z.uuid(),
    text: z.string(),
    author,
    version: z.int(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Note' });

export const noteDraft = z.strictObject({ text: noteText }).meta({ id: 'NoteDraft' });

/** What changes a note; with `if_version` only if it is still that version. */
export const notePatch = z.strictObject({ text: noteText, if_version: ifVersion }).meta({ id: 'NotePatch' });

/** What customers are marked with: without spaces around it, and no two that differ by case only. */
export const tagText = text(64)
  .transform((value) => value.trim().toLowerCase().normalize('NFC'))
  .pipe(z.string().min(1).max(64));

/** One tag of a customer, as the API shows it. */
export const tag = z.strictObject({ tag: z.string(), author, created_at: instant }).meta({ id: 'Tag' });

export const tagsDraft = z.strictObject({ tags: z.array(tagText).min(1).max(50) }).meta({ id: 'TagsDraft' });

/** What somebody means to do for a customer, as the API shows it. */
export const followUp = z
  .strictObject({
    id: z.uuid(),
    text: z.string(),
    /** The day. */
    date: z.iso.date(),
    done: z.boolean(),
    done_at: instant.nullable(),
    author,
    version: z.int(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'FollowUp' });

export const followUpDraft = z.strictObject({ text: text(1000, 1), date: z.iso.date() }).meta({ id: 'FollowUpDraft' });

/** One in the list of what is to be done, with its customer as far as the caller sees them. */
export const dueFollowUp = z
  .strictObject({
    ...followUp.shape,
    user: z.strictObject({
      user_id: z.string(),
      name: z.string().optional(),
      email: z.string().optional(),
      phone_number: z.string().optional(),
      username: z.string().optional(),
    }),
  })
  .meta({ id: 'DueFollowUp' });

/** What changes a follow-up; with `if_version` only if it is still that version. */
export const followUpPatch = z
  .strictObject({ ...followUpDraft.partial().shape, done: z.boolean().optional(), if_version: ifVersion })
  .meta({ id: 'FollowUpPatch' });
export type FollowUpPatch = z.infer<typeof followUpPatch>;
