// Runs inside the sandbox: `api.prompt`. A form is a question of the umbrella's, by its id or its name.
'use strict';
(() => {
  const { stringify } = JSON;
  const mostBytes = 16384;

  function valuesOf(jsonOf, values, what) {
    if (values === undefined || values === null) return {};
    const json = jsonOf(values, what);
    if (typeof json !== 'object' || Array.isArray(json)) throw new TypeError(`${what} must be an object.`);
    return json;
  }

  globalThis.$actions.makePrompt = ({ input, textOf, jsonOf, bytesOf, continues, stop }) => ({
    'prompt.render': (name, options) => {
      if (continues) throw new Error('api.prompt.render works in onExecutePostLogin only: an action renders one form.');
      const id = textOf(name, 'The id of the form', 300);
      const { forms } = input;
      const form = forms.find((one) => one.id === id) ?? forms.find((one) => one.name === id);
      if (!form) throw new Error(`There is no question ${id}: api.prompt.render takes the id or the name of one.`);
      const fields = valuesOf(jsonOf, options?.fields, 'fields');
      const vars = valuesOf(jsonOf, options?.vars, 'vars');
      if (bytesOf(stringify({ fields, vars })) > mostBytes) {
        throw new RangeError('fields and vars have more than 16 KB.');
      }
      return stop({ form: form.id, id, fields, vars });
    },
  });
})();
