// How the operations of rules, actions and enrichment are called by who is limited to a brand: what they are about belongs
// to all brands.

type Call = readonly [url: string, body?: unknown];

const one = '00000000-0000-4000-8000-000000000000';
const anAction = `/actions/actions/${one}`;

export const callsOfCode: Readonly<Record<string, () => readonly Call[]>> = {
  'GET /actions/actions': () => [['/actions/actions']],
  'POST /actions/actions': () => [['/actions/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }] }]],
  'GET /actions/actions/{id}': () => [[anAction]],
  'PATCH /actions/actions/{id}': () => [[anAction, { name: 'x' }]],
  'DELETE /actions/actions/{id}': () => [[anAction]],
  'POST /actions/actions/{id}/deploy': () => [[`${anAction}/deploy`]],
  'POST /actions/actions/{id}/test': () => [[`${anAction}/test`, { payload: {} }]],
  'GET /actions/actions/{actionId}/versions': () => [[`${anAction}/versions`]],
  'GET /actions/actions/{actionId}/versions/{id}': () => [[`${anAction}/versions/${one}`]],
  'POST /actions/actions/{actionId}/versions/{id}/deploy': () => [[`${anAction}/versions/${one}/deploy`]],
  'GET /actions/triggers': () => [['/actions/triggers']],
  'GET /actions/triggers/{triggerId}/bindings': () => [['/actions/triggers/post-login/bindings']],
  'PATCH /actions/triggers/{triggerId}/bindings': () => [['/actions/triggers/post-login/bindings', { bindings: [] }]],
  'POST /actions/check': () => [['/actions/check', { actions: [] }]],
  'GET /actions/executions/{id}': () => [[`/actions/executions/${one}`]],
  'GET /actions/running': () => [['/actions/running']],
  'GET /actions/log': () => [['/actions/log']],
  'GET /actions/log/live': () => [['/actions/log/live']],
  'GET /enrichment/sources': () => [['/enrichment/sources']],
  'GET /enrichment/sources/{id}': () => [['/enrichment/sources/fullcontact']],
  'PATCH /enrichment/sources/{id}': () => [
    ['/enrichment/sources/fullcontact', { cost_per_call: 999, currency: 'EUR' }],
    ['/enrichment/sources/fullcontact', { resume: true }],
  ],
  'GET /rules/library/values': () => [['/rules/library/values']],
  'GET /rules': () => [['/rules']],
  'POST /rules/check': () => [['/rules/check', { rules: [] }]],
  'POST /rules': () => [['/rules', { name: 'x', script: 'function (user, context, callback) {}' }]],
  'GET /rules/{id}': () => [['/rules/rul_x']],
  'PATCH /rules/{id}': () => [['/rules/rul_x', { name: 'x' }]],
  'DELETE /rules/{id}': () => [['/rules/rul_x']],
  'GET /rules/{id}/running': () => [['/rules/rul_x/running']],
  'PATCH /rules/{id}/running': () => [['/rules/rul_x/running', { on_failure: 'go_on' }]],
  'GET /rules/{id}/versions': () => [['/rules/rul_x/versions']],
  'GET /rules/{id}/versions/{version}': () => [['/rules/rul_x/versions/1']],
  'POST /rules/{id}/versions/{version}/restore': () => [['/rules/rul_x/versions/1/restore']],
  'GET /rules/library': () => [['/rules/library']],
  'POST /rules/library': () => [['/rules/library', { library: 'x', name: 'x', settings: {} }]],
  'GET /rules/log': () => [['/rules/log']],
  'GET /rules/log/live': () => [['/rules/log/live']],
  'PUT /rules/order': () => [['/rules/order', { order: [] }]],
  'GET /rules/running': () => [['/rules/running']],
  'PATCH /rules/running': () => [['/rules/running', { skipped: true }]],
  'POST /rules/try': () => [['/rules/try', { script: 'function (user, context, callback) {}' }]],
  'GET /rules-configs': () => [['/rules-configs']],
  'PUT /rules-configs/{key}': () => [['/rules-configs/KEY', { value: 'x' }]],
  'DELETE /rules-configs/{key}': () => [['/rules-configs/KEY']],
};
