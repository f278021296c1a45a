/** What is told when a change of a rule is kept. */
export function savedWords({ enabled }: { readonly enabled: boolean }): string {
  return enabled ? 'Saved. It counts from the next sign-in on.' : 'Saved. It is off: it counts once you switch it on.';
}

/** When what is saved of a rule counts, for whoever changes it. */
export function countsWords({ enabled }: { readonly enabled: boolean }): string {
  return enabled
    ? 'What is saved counts from the next sign-in on.'
    : 'It is off: what is saved is kept, and runs once it is switched on.';
}
