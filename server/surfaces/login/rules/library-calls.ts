import type { Base } from '../../../base/base.ts';
import type { Customer } from '../../../features/customers/customers.ts';

/** Whom a rule of the library calls about. */
export type About = {
  readonly customer: Customer;
  /** Whose facts they would be; undefined: an identity that joins the customer at the end of this sign-in. */
  readonly subject: string | undefined;
  /** Brand's uuid. */
  readonly brand: string;
};

/**
 * What rules of the library may call beyond what every sign-in answers.
 *
 * @param argument as the rule sent it: to be checked
 * @param call `source`: which rule, as facts name it (`library:<id>`); `key`: this call's own, for who must not act twice
 */
export type LibraryCall = (
  about: About,
  argument: unknown,
  call: { readonly source: string; readonly key: string; readonly signal: AbortSignal },
) => Promise<unknown>;

export type LibraryCalls = Readonly<Record<string, LibraryCall>>;

// By what all copies of one base share.
const calls = new WeakMap<Base['settings'], LibraryCalls>();

/** Hands in what rules of the library may call, by name. */
export function handInLibraryCalls({ settings }: Pick<Base, 'settings'>, served: LibraryCalls): void {
  calls.set(settings, served);
}

/** Undefined: there is nothing by this name, or it is not for this code. */
export function libraryCall({ settings }: Pick<Base, 'settings'>, name: string): LibraryCall | undefined {
  const served = calls.get(settings) ?? {};
  return Object.hasOwn(served, name) ? served[name] : undefined;
}
