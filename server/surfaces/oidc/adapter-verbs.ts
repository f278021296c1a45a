import type { Adapter } from 'oidc-provider';

/** An adapter of these verbs; the engine has no reason to call the others. */
export function only(verbs: Partial<Adapter>): Adapter {
  const refuse = async (): Promise<never> => {
    throw new Error('The engine called a verb that this kind of record does not have.');
  };
  return {
    upsert: refuse,
    find: refuse,
    findByUserCode: refuse,
    findByUid: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
    ...verbs,
  };
}

/** Seconds since 1970, as the engine counts. */
export function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
