import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';
import { claim } from './claim-setting.ts';

const settings = z.strictObject({
  claim: claim('roles').meta({ title: 'Claim', description: 'Where the roles stand in the tokens.' }),
  inIdToken: z.boolean().default(true).meta({ title: 'In the ID token', description: 'For the portal.' }),
  inAccessToken: z.boolean().default(true).meta({ title: 'In the access token', description: 'For your APIs.' }),
  only: z
    .array(z.string().trim().min(1).max(100))
    .max(200)
    .default([])
    .meta({ title: 'Only these', description: 'Roles that may be told; none: all that the profile has.' }),
});

declare const configuration: z.infer<typeof settings>;

export const rolesInTokens: LibraryRule = {
  id: 'roles-in-tokens',
  name: 'Roles in tokens',
  card: {
    does: 'Puts the roles of a customer, `app_metadata.roles`, into the ID token and the access token.',
    why: 'So that portals and APIs know who is a VIP or a partner without asking again.',
    needs: 'Roles in app_metadata, written by the Management API or by staff.',
    consentWhy: 'It hands on roles that you have given.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'refuse',
  deadlineMs: 500,
  run(user, context, callback) {
    const { only, claim: name } = configuration;
    const told = user.app_metadata?.roles;
    const roles = (Array.isArray(told) ? told : [])
      .filter((role) => typeof role === 'string')
      .filter((role) => only.length === 0 || only.includes(role));
    if (configuration.inIdToken) context.idToken[name] = roles;
    if (configuration.inAccessToken) context.accessToken[name] = roles;
    callback(null, user, context);
  },
};
