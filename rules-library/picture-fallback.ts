import { z } from 'zod';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  address: z
    .string()
    .trim()
    .max(500)
    .regex(/^https:\/\/[^\s/]+\/\S*$/, 'The address begins with https://')
    .regex(
      /^(?:[^{}]|\{(?:letter|initials|hash)\})*$/,
      'Between braces stands {letter}, {initials} or {hash}, nothing else',
    )
    .meta({
      title: 'Address of the picture',
      description:
        'A picture of yours. {letter} becomes the first letter of the name, {initials} the first two, {hash} the SHA-256 of the e-mail address (as Gravatar has it). Who serves it sees what stands in it.',
      outside: true,
    }),
  silhouettes: z
    .array(z.string().trim().min(1).max(200))
    .max(100)
    .default(['default_profile', 'default-user', '/silhouette', 'cdn.auth0.com/avatars'])
    .meta({
      title: 'Silhouettes',
      description: 'A picture whose address has one of these in it counts as none.',
    }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const pictureFallback: LibraryRule = {
  id: 'picture-fallback',
  name: 'Picture fallback',
  card: {
    does: 'Gives a picture to whoever has none, or only the grey silhouette of a network.',
    why: 'So that no page shows a broken or an empty face.',
    needs: 'The address of pictures of yours. A picture that a network or the customer tells later goes before it.',
    consentWhy:
      'A picture of yours tells nothing of the customer. If somebody else’s server is to see the hash of the address, ask before.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    const has = typeof user.picture === 'string' ? user.picture : '';
    const isReal = has !== '' && !configuration.silhouettes.some((part) => has.includes(part));
    if (isReal) return callback(null, user, context);
    const { createHash } = require('node:crypto');
    const words = String(user.name ?? user.given_name ?? user.email ?? '?')
      .split(/[\s@.]+/)
      .filter((word) => /^\p{L}/u.test(word));
    const letters = words.map((word) => [...word][0]?.toUpperCase()).filter((letter) => letter !== undefined);
    const email = String(user.email ?? '')
      .trim()
      .toLowerCase();
    const filled: Record<string, string> = {
      letter: letters[0] ?? '?',
      initials: letters.slice(0, 2).join('') || '?',
      hash: createHash('sha256').update(email).digest('hex'),
    };
    const picture = configuration.address.replace(/\{(letter|initials|hash)\}/g, (_, name) =>
      encodeURIComponent(filled[name] ?? ''),
    );
    user.picture = picture;
    await regulars.learn([{ path: 'picture', value: picture, confidence: 0.1 }]);
    callback(null, user, context);
  },
};
