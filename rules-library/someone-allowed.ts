/** What settings by which nobody could ever come in are refused with. */
export const nobodyAllowed = {
  path: ['deny'],
  message: 'All that is let in is kept out here, too: nobody could ever sign in',
};

/** Is any of those that alone are let in not kept out as well? None named: everybody is let in. */
export function isAnyoneAllowed({ allow, deny }: Readonly<Record<'allow' | 'deny', readonly string[]>>): boolean {
  return allow.length === 0 || allow.some((one) => !deny.includes(one));
}
