import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';

/** A secret of an action; `updated_at` is all that is ever told of its value. */
export type Secret = { readonly name: string; readonly value: string; readonly updated_at: string };

/** As it is sent: without a value it keeps the one that it has. */
export type SecretDraft = { readonly name: string; readonly value?: string | undefined };

const stored = z.array(z.object({ name: z.string(), value: z.string(), updated_at: z.string() }));
type Place = 'actions' | 'action_versions';

export function sealSecrets({ vault }: Pick<Base, 'vault'>, place: Place, secrets: readonly Secret[]): string {
  return vault.encrypt(JSON.stringify(secrets), `${place}.secrets`);
}

export function openSecrets({ vault }: Pick<Base, 'vault'>, place: Place, sealed: string): Secret[] {
  return stored.parse(JSON.parse(vault.decrypt(sealed, `${place}.secrets`)));
}

/**
 * The secrets that an action has from now on: those of the draft and no others.
 *
 * @throws Problem `invalid_body` for one without a value that there is none of
 */
export function mergeSecrets(known: readonly Secret[], draft: readonly SecretDraft[], at: Date): Secret[] {
  const merged = new Map<string, Secret>();
  for (const { name, value } of draft) {
    const old = known.find((one) => one.name === name);
    if (value === undefined && !old) {
      throw new Problem(
        'invalid_body',
        `Payload validation error: 'The secret ${name} needs a value' on property secrets.`,
      );
    }
    merged.set(
      name,
      old && (value ?? old.value) === old.value ? old : { name, value: value ?? '', updated_at: at.toISOString() },
    );
  }
  return [...merged.values()];
}
