import { Refused } from '../../ui/refused.ts';
import type { Trial } from './api.ts';

/** What was typed, to be sent. @throws Refused where it is no JSON */
export function trialOf(
  script: string,
  typed: { readonly user: string; readonly context: string; readonly configuration: string },
): Trial {
  return {
    script,
    user: jsonOf('user', typed.user),
    context: jsonOf('context', typed.context),
    configuration: textsOf(jsonOf('configuration', typed.configuration)),
  };
}

function jsonOf(field: string, text: string): Trial['user'] {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read };
  } catch {
    // Told below.
  }
  throw new Refused(field, 'This is not an object in JSON: look at commas, quotes and brackets.');
}

function textsOf(values: Trial['user']): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
