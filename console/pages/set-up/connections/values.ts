import type { z } from 'zod';
import type { ConnectionDraft, ConnectionPatch } from '../../../../contract/connections.ts';
import type { Connection } from './api.ts';
import type { Guide } from './strategies.ts';

export type Options = Readonly<Record<string, z.core.util.JSONType>>;

/** A connection as its form shows it. `options` are those of the API; secrets are in it only once they are typed. */
export type ConnectionValues = {
  readonly name: string;
  readonly display_name: string;
  readonly show_as_button: boolean;
  readonly options: Options;
};

/** What a new connection of this kind begins with. */
export function valuesOfNew({ name, label, strategy }: Guide): ConnectionValues {
  return { name, display_name: strategy === 'auth0' ? name : label, show_as_button: true, options: {} };
}

export function valuesOf({ name, display_name, show_as_button, options }: Connection): ConnectionValues {
  return { name, display_name, show_as_button, options };
}

export function draftOf({ strategy }: Guide, values: ConnectionValues, portals: readonly string[]): ConnectionDraft {
  const { name, display_name, show_as_button, options } = values;
  return { name, strategy, display_name, show_as_button, options, enabled_clients: [...portals] };
}

/** Options are replaced as a whole, so all are sent when one was changed. */
export function patchOf({ name: _, ...changes }: Partial<ConnectionValues>): ConnectionPatch {
  return changes;
}

/** With one option set; a text that was emptied is left out. */
export function withOption(options: Options, name: string, value: z.core.util.JSONType): Options {
  const { [name]: _, ...others } = options;
  return value === '' ? others : { ...others, [name]: value };
}

export function textIn(options: Options, name: string): string {
  const value = options[name];
  return typeof value === 'string' ? value : '';
}

export function flagIn(options: Options, name: string, usual: boolean): boolean {
  const value = options[name];
  return typeof value === 'boolean' ? value : usual;
}

/** The part of an option that is an object. */
export function partIn(options: Options, name: string): Options {
  const value = options[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
