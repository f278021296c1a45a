import { z } from 'zod';
import { normaliseEmail } from './email-address.ts';
import { pathPattern } from './path-pattern.ts';
import { displayName, text } from './text.ts';

/** A role as it is named beside others. */
export const roleName = z.strictObject({ id: z.uuid(), name: z.string() });

/** GET /staff/me */
export const staffMe = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    roles: z.array(roleName),
    scopes: z.array(z.string()),
    /** Lists of paths: what they may read, and what they may write. */
    attributes: z.strictObject({ read: z.array(z.string()), write: z.array(z.string()) }),
    /** Ids of the brands they see; null: all. */
    brands: z.array(z.uuid()).nullable(),
    /** Where the console posts to sign out. */
    sign_out: z.string(),
  })
  .meta({ id: 'StaffMe' });
export type StaffMe = z.infer<typeof staffMe>;

const name = displayName();
const ids = z.array(z.uuid()).max(100);
/** Ids of brands; null: all. */
const brands = z.array(z.uuid()).max(1000).nullable();
const ifVersion = z.int().min(1).optional();

const address = text(320).transform((typed, context) => {
  const email = normaliseEmail(typed);
  if (email !== undefined) return email;
  context.addIssue({ code: 'custom', message: "Object didn't pass validation for format email" });
  return z.NEVER;
});

/** One of the staff, as the API shows them. */
export const staffMember = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    blocked: z.boolean(),
    roles: z.array(roleName),
    brands,
    /** Ids of the stores they belong to. */
    stores: z.array(z.uuid()),
    /** Does a second factor protect the account? */
    second_factor: z.boolean(),
    last_seen_at: z.iso.datetime().nullable(),
    version: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'StaffMember' });
export type StaffMember = z.infer<typeof staffMember>;

/** What changes one of the staff; a list is replaced as a whole. With `if_version` only if it is still that version. */
export const staffPatch = z
  .strictObject({ email: address, name, blocked: z.boolean(), roles: ids, brands, stores: ids })
  .partial()
  .extend({ if_version: ifVersion })
  .meta({ id: 'StaffPatch' });

/** A session of one of the staff. */
export const staffSession = z
  .strictObject({
    id: z.uuid(),
    ip: z.string().nullable(),
    user_agent: z.string(),
    created_at: z.iso.datetime(),
    last_seen_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'StaffSession' });
export type StaffSession = z.infer<typeof staffSession>;

const scope = text(280, 1);

const role = {
  name,
  description: text(1000).default(''),
  scopes: z.array(scope).max(1000),
  /** Lists of paths: what its holders may read, and what they may write. */
  attributes: z.strictObject({
    read: z.array(pathPattern).max(1000).default([]),
    write: z.array(pathPattern).max(1000).default([]),
  }),
  brands: brands.default(null),
};

/** What makes a role. */
export const staffRoleDraft = z
  .strictObject({ ...role, attributes: role.attributes.default({ read: [], write: [] }) })
  .meta({ id: 'StaffRoleDraft' });

/** What changes a role; a list is replaced as a whole. With `if_version` only if it is still that version. */
export const staffRolePatch = z
  .strictObject({
    name,
    description: text(1000),
    scopes: role.scopes,
    attributes: z
      .strictObject({ read: z.array(pathPattern).max(1000), write: z.array(pathPattern).max(1000) })
      .partial(),
    brands,
  })
  .partial()
  .extend({ if_version: ifVersion })
  .meta({ id: 'StaffRolePatch' });

/** A role as the API shows it. */
export const staffRole = z
  .strictObject({
    id: z.uuid(),
    /** Which of the ready roles it is; null: the umbrella made it. */
    ready: z.string().nullable(),
    name: z.string(),
    description: z.string(),
    scopes: z.array(z.string()),
    attributes: z.strictObject({ read: z.array(z.string()), write: z.array(z.string()) }),
    brands,
    version: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'StaffRole' });
export type StaffRole = z.infer<typeof staffRole>;

/** Whom to invite, and what they will be. */
export const staffInvitationDraft = z
  .strictObject({
    email: address,
    name: name.optional(),
    roles: ids.min(1),
    brands: brands.default(null),
    stores: ids.default([]),
  })
  .meta({ id: 'StaffInvitationDraft' });

/** An open invitation as the API shows it. */
export const staffInvitation = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    name: z.string().nullable(),
    roles: z.array(z.uuid()),
    brands,
    stores: z.array(z.uuid()),
    /** Id of who of the staff invited them; null: a machine. */
    invited_by: z.uuid().nullable(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'StaffInvitation' });
export type StaffInvitation = z.infer<typeof staffInvitation>;
