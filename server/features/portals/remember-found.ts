import { isProblem, Problem } from '../../base/errors.ts';
import type { Settings } from '../../base/settings.ts';

/**
 * Like `settings.remember`, but a miss is not kept: keys that guests make up must not push out what is used.
 */
export async function rememberFound<T>(
  settings: Settings,
  key: string,
  load: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await settings.remember<T>(key, async () => {
      const value = await load();
      if (value === undefined) throw new Problem('not_found');
      return value;
    });
  } catch (error) {
    if (isProblem(error, 'not_found')) return undefined;
    throw error;
  }
}
