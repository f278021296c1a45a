import { text } from './text.ts';

/**
 * Which attributes: a path (`given_name`), all that begins with something (`user_metadata.*`, `app_metadata.income*`,
 * `*`), or `sensitive`: what the catalogue calls so. A leading `-` takes away.
 */
export const pathPattern = text(400, 1)
  .regex(/^-?(?:\*|sensitive|[A-Za-z0-9_:][A-Za-z0-9_:-]{0,63}\*?|(?:user_metadata|app_metadata|computed|brands)\..+)$/)
  .refine((one) => !/^-?(?:user_metadata|app_metadata|computed|brands)$/.test(one), 'Name what is in it: place.*')
  .meta({ id: 'PathPattern' });
