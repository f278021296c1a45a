// Properties that Node's library writes on objects and nobody must see: V8 has private symbols for them, we have not.
// Each is an accessor far up the prototype chain that keeps the values beside the objects.

const names = [
  'arrow_message_private_symbol',
  'contextify_context_private_symbol',
  'decorated_private_symbol',
  'transfer_mode_private_symbol',
  'host_defined_option_symbol',
  'entry_point_module_private_symbol',
  'entry_point_promise_private_symbol',
  'module_source_private_symbol',
  'module_export_names_private_symbol',
  'module_circular_visited_private_symbol',
  'module_export_private_symbol',
  'module_parent_private_symbol',
  'module_first_parent_private_symbol',
  'napi_type_tag',
  'napi_wrap',
  'untransferable_object_private_symbol',
  'exit_info_private_symbol',
  'promise_trace_id',
  'source_map_data_private_symbol',
] as const;

/** Stand-ins for V8's private symbols, by Node's names for them. */
export const hiddenSymbols: Record<string, symbol> = {};

for (const name of names) {
  const symbol = Symbol(name);
  const values = new WeakMap<object, unknown>();
  Object.defineProperty(Object.prototype, symbol, {
    get() {
      return typeof this === 'object' && this !== null ? values.get(this) : undefined;
    },
    set(value) {
      if (typeof this === 'object' && this !== null) values.set(this, value);
    },
  });
  hiddenSymbols[name] = symbol;
}

let requireOfNode: (id: string) => Record<string, unknown> = () => ({});

/** Tells where the parts come from that are defined to be loaded when they are first looked at. */
export function loadLazyFrom(load: (id: string) => Record<string, unknown>): void {
  requireOfNode = load;
}

/** Defines properties that load a part of Node's library when they are first looked at. */
export function defineLazy(target: object, id: string, keys: readonly string[], enumerable = true): void {
  for (const key of keys) {
    const define = (value: unknown) =>
      Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true });
    Object.defineProperty(target, key, {
      enumerable,
      configurable: true,
      get() {
        const value = requireOfNode(id)[key];
        define(value);
        return value;
      },
      set: define,
    });
  }
}
