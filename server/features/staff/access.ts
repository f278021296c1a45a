import type { PathRule } from '../../../contract/path-rule.ts';
import { Problem } from '../../base/errors.ts';
import { includes, pathRule } from './path-rule.ts';

/** Which attributes of which customers somebody may read and write. */
export type Access = {
  readonly read: PathRule;
  readonly write: PathRule;
  /** Ids of brands; null: all of them. */
  readonly brands: ReadonlySet<string> | null;
};

/** What somebody may do (scopes), and on what. */
export type Powers = { readonly scopes: ReadonlySet<string>; readonly access: Access };

/** What a role gives. */
export type RoleGrant = {
  readonly scopes: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly brands: readonly string[] | null;
};

/**
 * What somebody with these roles may. Roles add up; what any of them takes away (a path with `-`, all brands but some)
 * stays taken away, so that one more role never opens what another one hides.
 *
 * @param brands those the person belongs to; null: all
 * @param sensitive paths that the catalogue calls so
 */
export function powersOf(
  roles: readonly RoleGrant[],
  brands: readonly string[] | null,
  sensitive: ReadonlySet<string>,
): Powers {
  const limits = [brands, ...roles.map((role) => role.brands)].flatMap((one) => (one ? [new Set(one)] : []));
  const [first, ...others] = limits;
  return {
    scopes: new Set(roles.flatMap((role) => role.scopes)),
    access: {
      read: pathRule([...new Set(roles.flatMap((role) => role.reads))], sensitive),
      write: pathRule([...new Set(roles.flatMap((role) => role.writes))], sensitive),
      brands: first ? others.reduce((both, one) => both.intersection(one), first) : null,
    },
  };
}

/**
 * Nobody gives to others (a role, a machine, themselves) what they do not have, and nobody touches who may do more.
 *
 * @throws Problem `access_denied` naming what is too much
 */
export function refuseMore({ scopes, access }: Powers, given: RoleGrant): void {
  const scope = given.scopes.find((one) => !scopes.has(one));
  if (scope !== undefined) throw tooMuch(`the scope ${scope}`);
  if (!includes(access.read.paths, given.reads)) throw tooMuch('attributes to read');
  if (!includes(access.write.paths, given.writes)) throw tooMuch('attributes to write');
  const { brands } = access;
  if (brands && !given.brands?.every((one) => brands.has(one))) throw tooMuch('brands');
}

function tooMuch(what: string): Problem {
  return new Problem('access_denied', `This gives or changes more than you may do yourself: ${what}.`, {
    errorCode: 'more_than_own',
  });
}
