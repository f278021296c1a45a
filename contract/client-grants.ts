import { z } from 'zod';
import { emptyList, notSupported } from './default-only.ts';
import { pathPattern } from './path-pattern.ts';
import { apiIdentifier, apiScope } from './resource-servers.ts';
import { text } from './text.ts';

const scope = z.array(apiScope.shape.value).max(1000);

/** Ours: which attributes of customers a machine may read and write at the Management API; all when left out. */
const attributes = z.strictObject({
  read: z.array(pathPattern).max(1000).default(['*']),
  write: z.array(pathPattern).max(1000).default(['*']),
});

/** Ours: the ids of the brands whose customers a machine may see and change there; null, or left out: all. */
const brands = z.array(z.uuid()).max(1000).nullable();

/** Taken only when they say what holds here anyway. */
const idle = z
  .object({
    organization_usage: z.literal('deny'),
    allow_any_organization: z.literal(false),
    authorization_details_types: emptyList,
    allow_all_scopes: z.literal(false),
  })
  .partial().shape;

/** POST /client-grants */
export const clientGrantDraft = z
  .strictObject({
    client_id: text(128, 1),
    audience: apiIdentifier,
    scope: scope.default([]),
    attributes: attributes.optional(),
    brands: brands.default(null),
    subject_type: z.literal('client').optional(),
    default_for: notSupported.optional(),
    ...idle,
  })
  .meta({ id: 'ClientGrantDraft' });

/** PATCH /client-grants/{id} */
export const clientGrantPatch = z
  .strictObject({ scope: scope.optional(), attributes: attributes.optional(), brands: brands.optional(), ...idle })
  .meta({ id: 'ClientGrantPatch' });

/** A client grant as the API shows it. */
export const clientGrant = z
  .strictObject({
    id: z.string(),
    client_id: z.string(),
    audience: z.string(),
    scope: z.array(z.string()),
    /** Only where it is not all of them. */
    attributes: z.strictObject({ read: z.array(z.string()), write: z.array(z.string()) }).optional(),
    /** Only where it is not all of them. */
    brands: z.array(z.string()).optional(),
    subject_type: z.literal('client'),
    organization_usage: z.literal('deny'),
    allow_any_organization: z.literal(false),
  })
  .meta({ id: 'ClientGrant' });
export type ClientGrant = z.infer<typeof clientGrant>;
