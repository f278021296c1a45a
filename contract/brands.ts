import { z } from 'zod';
import { mfaPolicy } from './second-factors.ts';
import { displayName, text, webAddress } from './text.ts';

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/);

/** Short name of a brand in addresses and fact paths: `lumiere`. */
export const brandSlug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** How a brand looks: everything has a default, nothing is code. */
export const brandTheme = z.strictObject({
  primary: colour.optional(),
  on_primary: colour.optional(),
  background: colour.optional(),
  surface: colour.optional(),
  text: colour.optional(),
  muted: colour.optional(),
  error: colour.optional(),
  corners: z.literal(['square', 'soft', 'round']).optional(),
  font: z.literal(['system', 'serif', 'mono', 'rounded']).optional(),
});
export type BrandTheme = z.infer<typeof brandTheme>;

export const language = z.literal(['en', 'de', 'es', 'fr']);
export type Language = z.infer<typeof language>;

/** Sentences that replace ours: language, then key, then text. */
export const brandTexts = z.partialRecord(language, z.record(z.string().max(100), text(1000)));
export type BrandTexts = z.infer<typeof brandTexts>;

const mailbox = text(320).regex(/^[^\r\n]*@[^\r\n@\s]+$/);

const details = {
  theme: brandTheme,
  texts: brandTexts,
  logo_url: webAddress().nullable(),
  website: webAddress().nullable(),
  mail_from: mailbox.nullable(),
  mail_reply_to: mailbox.nullable(),
  privacy_url: webAddress().nullable(),
  terms_url: webAddress().nullable(),
  support_url: webAddress().nullable(),
  default_language: language,
  /** Null: as the umbrella says. */
  mfa: mfaPolicy.nullable(),
};

/** What makes a brand; what is left out has its default. */
export const brandDraft = z
  .strictObject({ slug: brandSlug, name: displayName(), ...z.object(details).partial().shape })
  .meta({ id: 'BrandDraft' });
export type BrandDraft = z.infer<typeof brandDraft>;

/** What changes a brand; `theme` and `texts` are replaced as a whole. Its slug stays for ever: fact paths hold it. */
export const brandPatch = brandDraft.omit({ slug: true }).partial().meta({ id: 'BrandPatch' });
export type BrandPatch = z.infer<typeof brandPatch>;

/** A brand as the API shows it. */
export const brand = z
  .strictObject({
    id: z.uuid(),
    slug: brandSlug,
    name: z.string(),
    ...details,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Brand' });

/** A page of the sign-in, as it would be with what is not saved yet. */
export const brandPreviewRequest = brandDraft
  .pick({ name: true, theme: true, texts: true, logo_url: true, privacy_url: true, terms_url: true, support_url: true })
  .partial()
  .required({ name: true })
  .extend({
    /** The brand that is edited: the buttons are those of its portals. Without it, those of every connection. */
    brand: z.uuid().optional(),
    language,
    page: z.literal(['login', 'signup']),
  })
  .meta({ id: 'BrandPreviewRequest' });
export type BrandPreviewRequest = z.infer<typeof brandPreviewRequest>;

/** It as HTML, to be shown where no script runs. */
export const brandPreview = z.strictObject({ html: z.string() }).meta({ id: 'BrandPreview' });

/** A sentence of our pages, which a brand may replace. */
export const pageText = z
  .strictObject({ key: z.string(), place: z.literal(['login', 'account']), texts: z.record(language, z.string()) })
  .meta({ id: 'PageText' });
