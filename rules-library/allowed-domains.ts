import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';
import { isAnyoneAllowed, nobodyAllowed } from './someone-allowed.ts';

const domains = z
  .array(
    z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+$/, 'A domain: example.com, or *.example.com for those below it'),
  )
  .max(1000)
  .default([]);

const settings = z
  .strictObject({
    allow: domains.meta({
      title: 'Only these',
      description:
        'Domains of e-mail addresses. *.example.com means those below example.com. None: all but those below.',
    }),
    deny: domains.meta({ title: 'Never these', description: 'For example those of mailboxes that are thrown away.' }),
    proven: z.boolean().default(true).meta({
      title: 'Only proven addresses',
      description: 'Whoever has not proven the address could write any domain, so they count as having none.',
    }),
    message: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .default('You cannot sign in with this e-mail address.')
      .meta({ title: 'Message', description: 'Shown to whoever is refused.' }),
  })
  .refine(isAnyoneAllowed, nobodyAllowed);

declare const configuration: z.infer<typeof settings>;
declare const UnauthorizedError: new (message: string) => Error;

export const allowedDomains: LibraryRule = {
  id: 'allowed-domains',
  name: 'Allow and deny by e-mail domain',
  card: {
    does: 'Lets in only who has an e-mail address of domains that you name, or nobody of some.',
    why: 'So that a portal for employees or partners stays theirs, and throw-away mailboxes stay outside.',
    needs: 'An e-mail address. Where only some are allowed, who has none is refused.',
    consentWhy: 'It looks at the address that they sign in with, and keeps nothing.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'refuse',
  deadlineMs: 500,
  run(user, context, callback) {
    const { allow, deny, proven, message } = configuration;
    const domain = (user.email ?? '').toLowerCase().split('@').pop() ?? '';
    const matches = (pattern: string) =>
      pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1)) : domain === pattern;
    const isDenied = domain !== '' && deny.some(matches);
    const counts = domain !== '' && (!proven || user.email_verified === true);
    const isAllowed = !isDenied && (allow.length === 0 || (counts && allow.some(matches)));
    callback(isAllowed ? null : new UnauthorizedError(message), user, context);
  },
};
