import { partsOfPath } from '../../../contract/attribute-paths.ts';
import { Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { normaliseAddress } from './address.ts';
import { addressKindAt, type FactDraft } from './fact.ts';

const mostBytes = 64 * 1024;
// A network's list of what somebody likes is longer than what anybody writes: 2,000 pages and their names.
const mostBytesOfNetwork = 512 * 1024;
const mostDepth = 64;
const mostOrigin = 255;

/**
 * Drafts as they may be stored: paths checked, addresses normalised, values that jsonb can hold of at most 64 kB (a
 * network's: 512 kB).
 * What a network tells is not ours to correct, and must not keep its customers out: an unusable value of it is left
 * out. Whoever else sends one is told.
 *
 * @throws Problem `invalid_body`
 */
export function acceptDrafts(drafts: readonly FactDraft[]): FactDraft[] {
  return drafts.flatMap((draft) => {
    try {
      return [acceptDraft(draft)];
    } catch (error) {
      if (draft.source === 'network' && error instanceof Problem) return [];
      throw error;
    }
  });
}

function acceptDraft(draft: FactDraft): FactDraft {
  if (!partsOfPath(draft.path)) throw refused(draft, 'is not the path of an attribute that can be set');
  if (draft.origin.length > mostOrigin) throw refused(draft, `has an origin of more than ${mostOrigin} characters`);
  // Kept in single precision: rounded here, so that a stored confidence equals the one that is told again.
  const confidence = Math.round((draft.confidence ?? 1) * 1000) / 1000;
  if (!(confidence > 0 && confidence <= 1)) throw refused(draft, 'has a confidence that is not between 0 and 1');
  if (draft.kind === 'withdrawn') return { ...draft, confidence };
  return { ...draft, confidence, value: acceptValue(draft, draft.value) };
}

function acceptValue(draft: FactDraft, value: Json): Json {
  if (value === null) throw refused(draft, 'has no value');
  const address = addressKindAt(draft.path);
  if (address) {
    if (typeof value !== 'string') throw refused(draft, 'is not text');
    return normaliseAddress(address, value);
  }
  if (!isStorable(value, mostDepth)) throw refused(draft, 'has a value that cannot be stored');
  const most = draft.source === 'network' ? mostBytesOfNetwork : mostBytes;
  if (Buffer.byteLength(JSON.stringify(value)) > most) throw refused(draft, `is larger than ${most / 1024} kB`);
  return value;
}

/** jsonb holds neither NUL nor half a surrogate pair, JSON no infinity. */
function isStorable(value: Json, depth: number): boolean {
  if (depth === 0) return false;
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth - 1));
  return Object.entries(value).every(([name, item]) => isStorableText(name) && isStorable(item, depth - 1));
}

function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

function refused(draft: FactDraft, why: string): Problem {
  return new Problem('invalid_body', `The attribute ${draft.path.slice(0, 100)} ${why}.`, { path: draft.path });
}
