import { Refused } from '../../ui/refused.ts';
import type { Trial } from './api.ts';

const names = ['user', 'context', 'configuration'] as const;

/** What was typed, to be sent. @throws Refused where it is no JSON, for all that is none at once */
export function trialOf(script: string, typed: Readonly<Record<(typeof names)[number], string>>): Trial {
  const [user, context, configuration] = names.map((name) => objectIn(typed[name]));
  if (user && context && configuration) return { script, user, context, configuration: textsOf(configuration) };
  const wrong = names.filter((name) => objectIn(typed[name]) === undefined);
  const [first, ...others] = wrong.map((name) => new Refused(name, noObject));
  throw new Refused(first?.field ?? 'user', noObject, others);
}

const noObject = 'This is not an object in JSON: look at commas, quotes and brackets.';

function objectIn(text: string): Trial['user'] | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : undefined;
  } catch {
    return undefined;
  }
}

function textsOf(values: Trial['user']): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
