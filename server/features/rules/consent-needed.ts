import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import type { LibraryRule } from './library-rule.ts';

type Needs = Pick<LibraryRule, 'needsConsent' | 'topicIsEnough'>;

/**
 * Does the customer allow what a library rule needs? What is asked is the yes to the whole purpose of the brand where
 * they sign in, or, if nothing was said about that, of the umbrella. Read from the `context` that the server has made,
 * before any code could change it.
 */
export function allows({ brand, consents }: JsonObject, { needsConsent, topicIsEnough }: Needs): boolean {
  if (needsConsent === null) return true;
  const here = isJsonObject(brand) && typeof brand.id === 'string' ? brand.id : null;
  const said = (Array.isArray(consents) ? consents : []).filter(isConsent);
  const own = said.filter((one) => one.purpose === needsConsent && (one.brand === here || one.brand === null));
  const whole = own.filter(({ topic }) => topic === null);
  const wholeHere = whole.find((one) => one.brand === here);
  const decisive = wholeHere ?? whole.find((one) => one.brand === null);
  if (decisive?.state === 'given') return true;
  // A no to all of it here stands against what the umbrella may.
  const topics = own.filter((one) => one.topic !== null && (one.brand === here || !wholeHere));
  return topicIsEnough === true && topics.some(({ state }) => state === 'given');
}

type Consent = { brand: Json; purpose: Json; topic: Json; state: Json };

function isConsent(value: Json): value is Consent {
  return isJsonObject(value) && ['brand', 'purpose', 'topic', 'state'].every((name) => name in value);
}
