/** What is told when a change of a rule is kept. */
export function savedWords({ enabled }: { readonly enabled: boolean }): string {
  return enabled ? 'Saved. It counts from the next sign-in on.' : 'Saved. It is off: it counts once you switch it on.';
}
