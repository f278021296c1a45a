import { partsOfPath } from '../../../contract/attribute-paths.ts';
import { allows } from '../../features/staff/staff.ts';
import type { Caller } from './caller.ts';

/** May the caller read this attribute of customers: see it, and find, filter and sort by it? */
export type MayRead = (attribute: string) => boolean;

// What is known of a proof is known of what was proven.
const proofs: Readonly<Record<string, string>> = { email_verified: 'email', phone_verified: 'phone_number' };

/** By the caller's list of paths. What is no attribute (when somebody came last, from where, tags) is for all. */
export function mayRead({ access }: Caller): MayRead {
  return (attribute) => {
    const path = proofs[attribute] ?? attribute;
    return partsOfPath(path) === undefined || notAttributes.has(path) || allows(access.read, path);
  };
}

const notAttributes = new Set(['brand', 'connection', 'consent', 'tag']);
