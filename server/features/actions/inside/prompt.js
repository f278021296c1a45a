// Runs inside the sandbox: `api.prompt`. A form is a question of the umbrella's, by its id or its name.
'use strict';
(() => {
  const { stringify } = JSON;
  const { keys } = Object;
  const { Error, RangeError, TypeError, bare, bytesOf, fault, get, isArray, isObject, jsonOf, textOf } =
    globalThis.$actions.own;
  const mostBytes = 16_384;
  const mostName = 300;

  function valuesOf(values, what) {
    if (values === undefined || values === null) return bare({});
    const json = jsonOf(values, what);
    if (!isObject(json) || isArray(json)) throw fault(TypeError, `${what} must be an object.`);
    const names = keys(json);
    for (let at = 0; at < names.length; at += 1) {
      if (names[at].length > mostName) throw fault(RangeError, `${what} has a name of more than ${mostName} characters.`);
    }
    return json;
  }

  function formOf(forms, id) {
    for (let at = 0; at < forms.length; at += 1) if (forms[at].id === id) return forms[at];
    for (let at = 0; at < forms.length; at += 1) if (forms[at].name === id) return forms[at];
    return undefined;
  }

  globalThis.$actions.makePrompt = ({ input, continues, stop }) =>
    bare({
      'prompt.render': (name, options) => {
        if (continues) throw fault(Error, 'It works in onExecutePostLogin only: an action renders one form.');
        const id = textOf(name, 'The id of the form', mostName);
        const form = formOf(input.forms, id);
        if (!form) throw new Error(`There is no question ${id}: api.prompt.render takes the id or the name of one.`);
        const fields = valuesOf(get(options, 'fields'), 'fields');
        const vars = valuesOf(get(options, 'vars'), 'vars');
        if (bytesOf(stringify(bare({ fields, vars }))) > mostBytes) {
          throw fault(RangeError, 'fields and vars have more than 16 KB.');
        }
        return stop(bare({ form: form.id, id, fields, vars }));
      },
    });
})();
