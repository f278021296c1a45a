/** What one person allowed and declined to one client so far. */
export interface Agreement {
  granted: ReadonlySet<string>;
  declined: ReadonlySet<string>;
  hidesEmail: boolean;
}

/** A network's memory of who allowed what to whom. */
export interface Agreements {
  find(clientId: string, personId: string): Agreement | undefined;
  /** Adds to what was decided before; a later word counts. Returns whether it was the first yes to this client. */
  record(
    clientId: string,
    personId: string,
    decision: { granted: readonly string[]; declined: readonly string[]; hidesEmail?: boolean | undefined },
  ): boolean;
  /** As when somebody removes an app in the network's settings. */
  forget(clientId: string, personId: string): void;
}

export function createAgreements(): Agreements {
  const all = new Map<string, Agreement>();
  const keyOf = (clientId: string, personId: string) => JSON.stringify([clientId, personId]);
  return {
    find: (clientId, personId) => all.get(keyOf(clientId, personId)),
    record(clientId, personId, decision) {
      const before = all.get(keyOf(clientId, personId));
      const granted = new Set([...(before?.granted ?? []), ...decision.granted]);
      const declined = new Set([...(before?.declined ?? []), ...decision.declined]);
      for (const scope of decision.granted) declined.delete(scope);
      for (const scope of decision.declined) granted.delete(scope);
      const hidesEmail = decision.hidesEmail ?? before?.hidesEmail ?? false;
      all.set(keyOf(clientId, personId), { granted, declined, hidesEmail });
      return before === undefined;
    },
    forget(clientId, personId) {
      all.delete(keyOf(clientId, personId));
    },
  };
}
