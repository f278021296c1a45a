import { useState } from 'react';
import { ApiError } from './api.ts';
import { isAbout, type Refusal, refusalsOf } from './refusal.ts';
import type { RefusedPart } from './refused.ts';

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
  /** `part`: the part of it that is another now, `options.client_id`; what was refused of the rest stays told. */
  set<N extends keyof V>(name: N, value: V[N], part?: string): void;
  /** What was refused of a field; parts of it count, too. */
  error(name: keyof V & string): string | undefined;
  /** The same of a part of a field: `options.client_id`. */
  errorAt(path: string): string | undefined;
  /** All that was refused there, each with where below that it is: `0` of `bands.0`, `` for all of it. */
  refusedAt(path: string): readonly RefusedPart[];
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
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const [isOutdated, setOutdated] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [edition, setEdition] = useState(0);
  const changes = changesOf(before, values);
  const homeless = refusals.filter((one) => !Object.keys(values).some((name) => isAbout(one, name)));

  const form: Form<V> = {
    values,
    changes,
    isChanged: Object.keys(changes).length > 0,
    edition,
    isSaving,
    isOutdated,
    problem: textOf(homeless),
    set(name, value, part = String(name)) {
      setValues((now) => ({ ...now, [name]: value }));
      setRefusals((now) => now.filter((one) => !isAbout(one, part)));
    },
    error: (name) => form.errorAt(name),
    errorAt: (path) => textOf(form.refusedAt(path)),
    refusedAt: (path) =>
      refusals
        .filter((one) => isAbout(one, path))
        .map(({ field = '', text }) => ({ below: field.slice(path.length).replace(/^\./, ''), text })),
    field: (name) => ({
      value: values[name],
      onChange: (value) => form.set(name, value),
      error: form.error(name),
    }),
    async save(act) {
      setSaving(true);
      setRefusals([]);
      setOutdated(false);
      try {
        await act();
        setBefore(values);
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.code === 'changed_meanwhile') setOutdated(true);
        else setRefusals(refusalsOf(error).map((one) => named(one, aliases)));
        return false;
      } finally {
        setSaving(false);
      }
    },
    reset(given = before) {
      setBefore(given);
      setValues(given);
      setEdition((now) => now + 1);
      setRefusals([]);
      setOutdated(false);
    },
  };
  return form;
}

/** In one text, each once; none for none. */
function textOf(refused: readonly { readonly text: string }[]): string | undefined {
  return refused.length === 0 ? undefined : [...new Set(refused.map(({ text }) => text))].join(' ');
}

/** A refusal of a property that the form shows under another name. */
function named({ field, text }: Refusal, aliases: Readonly<Record<string, string>>): Refusal {
  const [, head = '', below] = /^([^.[]*)(?:\.(.*))?/.exec(field ?? '') ?? [];
  const alias = aliases[head];
  // The form has no field for a part of it, so its name is in the text.
  return alias === undefined
    ? { field, text }
    : { field: alias, text: below === undefined ? text : `${below}: ${text}` };
}

function changesOf<V extends object>(before: V, after: V): Partial<V> {
  const changes: Partial<V> = {};
  for (const name in after)
    if (JSON.stringify(after[name]) !== JSON.stringify(before[name])) changes[name] = after[name];
  return changes;
}
