import { useState } from 'react';
import { ApiError } from './api.ts';
import { isAbout, type Refusal, refusalOf } from './refusal.ts';

/** What is typed into a form, what was refused of it, and whether it is worth saving. */
export type Form<V extends object> = {
  readonly values: V;
  /** Those that differ from what was there. */
  readonly changes: Partial<V>;
  readonly isChanged: boolean;
  /** Rises when values were put there rather than typed. */
  readonly edition: number;
  readonly isSaving: boolean;
  /** Somebody else changed it since it was read. */
  readonly isOutdated: boolean;
  /** What was refused and belongs to no field. */
  readonly problem: string | undefined;
  set<N extends keyof V>(name: N, value: V[N]): void;
  /** What was refused of a field; parts of it count, too. */
  error(name: keyof V & string): string | undefined;
  /** The same of a part of a field: `options.client_id`. */
  errorAt(path: string): string | undefined;
  /** Value, change and refusal of a field, for an input of texts. */
  field<N extends keyof V & string>(
    name: N,
  ): { value: V[N]; onChange: (value: V[N]) => void; error: string | undefined };
  /** Saves; true when that was done. A refusal is shown where it belongs, and nothing typed is lost. */
  save(act: () => Promise<unknown>): Promise<boolean>;
  reset(values?: V): void;
};

/** @param aliases the API's names of properties to the fields that stand for them */
export function useForm<V extends object>(initial: V, aliases: Readonly<Record<string, string>> = {}): Form<V> {
  const [before, setBefore] = useState(initial);
  const [values, setValues] = useState(initial);
  const [refusal, setRefusal] = useState<Refusal>();
  const [isOutdated, setOutdated] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [edition, setEdition] = useState(0);
  const changes = changesOf(before, values);
  const belongs = refusal && Object.keys(values).some((name) => isAbout(refusal, name));

  const form: Form<V> = {
    values,
    changes,
    isChanged: Object.keys(changes).length > 0,
    edition,
    isSaving,
    isOutdated,
    problem: refusal && !belongs ? refusal.text : undefined,
    set(name, value) {
      setValues((now) => ({ ...now, [name]: value }));
      if (refusal && isAbout(refusal, String(name))) setRefusal(undefined);
    },
    error: (name) => form.errorAt(name),
    errorAt: (path) => (refusal && isAbout(refusal, path) ? refusal.text : undefined),
    field: (name) => ({
      value: values[name],
      onChange: (value) => form.set(name, value),
      error: form.error(name),
    }),
    async save(act) {
      setSaving(true);
      setRefusal(undefined);
      setOutdated(false);
      try {
        await act();
        setBefore(values);
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.code === 'changed_meanwhile') setOutdated(true);
        else setRefusal(named(refusalOf(error), aliases));
        return false;
      } finally {
        setSaving(false);
      }
    },
    reset(given = before) {
      setBefore(given);
      setValues(given);
      setEdition((now) => now + 1);
      setRefusal(undefined);
      setOutdated(false);
    },
  };
  return form;
}

/** A refusal of a property that the form shows under another name. */
function named({ field, text }: Refusal, aliases: Readonly<Record<string, string>>): Refusal {
  const head = field?.split(/[.[]/, 1)[0] ?? '';
  return { field: aliases[head] ?? field, text };
}

function changesOf<V extends object>(before: V, after: V): Partial<V> {
  const changes: Partial<V> = {};
  for (const name in after)
    if (JSON.stringify(after[name]) !== JSON.stringify(before[name])) changes[name] = after[name];
  return changes;
}
