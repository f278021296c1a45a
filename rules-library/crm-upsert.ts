import { z } from 'zod';
import type { Json } from '../server/base/json.ts';
import type { Source } from '../server/features/enrichment/enrichment.ts';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';
import { deliveryAnswer } from './delivery-answer.ts';
import { isProvenAddress } from './proven-address.ts';

const fieldName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^=\n]+$/, 'No = in it');

const settings = z.strictObject({
  method: z
    .literal(['PUT', 'POST', 'PATCH'])
    .default('PUT')
    .meta({ title: 'Method', description: 'The one by which your CRM creates or updates a contact.' }),
  address: z
    .string()
    .trim()
    .max(500)
    .regex(/^https?:\/\/[^\s/{}]+\/\S*$/, 'The address begins with https:// and a host')
    .regex(/^(?:[^{}]|\{(?:email|user_id)\})*$/, 'Between braces stands {email} or {user_id}, nothing else')
    .meta({
      title: 'Address',
      description: 'Of a contact: https://crm.example/api/contacts/{email}. {email} and {user_id} are filled in.',
      outside: true,
    }),
  token: z.string().trim().max(1000).default('').meta({
    title: 'Token',
    description: 'Sent as `Authorization: Bearer`. Not needed where the CRM asks for none.',
    secret: true,
  }),
  fields: z
    .record(fieldName, fieldName)
    .default({ email: 'email', firstName: 'given_name', lastName: 'family_name', language: 'locale' })
    .meta({
      title: 'Fields',
      description: 'What the CRM calls it, and where it stands in the profile: `city = app_metadata.city`.',
    }),
  idAt: z.string().trim().max(200).default('id').meta({
    title: 'Its id',
    description:
      'Where the answer has the CRM’s id of the contact (`data.id`), kept as app_metadata.crm_id; empty: it is not kept.',
  }),
  leastHours: z
    .int()
    .min(1)
    .max(8760)
    .default(1)
    .meta({ title: 'At most every', description: 'Hours; and never while nothing has changed.' }),
});
type Settings = z.infer<typeof settings>;

declare const configuration: Settings;
declare const regulars: RegularsForRules;

export const crmUpsert: LibraryRule = {
  id: 'crm-upsert',
  name: 'CRM',
  card: {
    does: 'Creates or updates the contact in your CRM by its REST interface when a customer signs in and something has changed.',
    why: 'So that the CRM knows who is a customer without an export every night.',
    needs: 'A CRM with a REST interface that takes a contact as JSON, and a proven e-mail address.',
    consentWhy: 'A system of yours is told what you know already. If it is not yours, ask before.',
  },
  needsConsent: null,
  callsOutside: true,
  settings,
  tells: {
    from: null,
    values: [
      {
        path: 'app_metadata.crm_id',
        labels: {
          en: 'Number with our customer service',
          de: 'Nummer bei unserem Kundenservice',
          es: 'Número en atención al cliente',
          fr: 'Numéro auprès de notre service client',
        },
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    if (!user.email || user.email_verified !== true) return callback(null, user, context);
    const at = (path: string) => {
      const dot = path.indexOf('.');
      const place = dot < 0 ? user : user[path.slice(0, dot)];
      return typeof place === 'object' && place !== null && !Array.isArray(place)
        ? place[path.slice(dot + 1)]
        : undefined;
    };
    const contact = Object.entries(configuration.fields)
      .map(([name, path]) => [name, at(path)])
      .filter(([, value]) => value !== undefined);
    await regulars.call('enrichment_ask', {
      user_id: user.user_id,
      email: user.email,
      contact: Object.fromEntries(contact),
    });
    callback(null, user, context);
  },
};

/** The umbrella's CRM. */
export const crmUpsertSource: Source<Settings> = {
  id: crmUpsert.id,
  name: 'CRM',
  kind: 'told',
  settings,
  request({ method, address, token }, { email = '', user_id = '', contact = {} }) {
    const filled: Record<string, Json> = { email, user_id };
    const url = address.replace(/\{(email|user_id)\}/g, (_, name) => encodeURIComponent(String(filled[name] ?? '')));
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    return { method, url, headers, body: JSON.stringify(contact) };
  },
  read({ idAt }, { status, json }) {
    const id = idAt === '' ? undefined : valueAt(json, idAt.split('.'));
    const isId = (typeof id === 'string' && id !== '' && id.length <= 200) || typeof id === 'number';
    return deliveryAnswer(status, isId ? [{ path: 'app_metadata.crm_id', value: id }] : []);
  },
  // What has not changed need not be told again.
  again: ({ leastHours }) => ({ hitDays: null, missDays: null, leastHours }),
  holds: isProvenAddress,
  // Who has not changed is new to another CRM. What stands behind a `?`, or before an `@`, may be a key.
  place({ address }) {
    const url = URL.parse(address);
    return url === null ? '' : `${url.origin}${url.pathname}`;
  },
  patienceMs: 50,
};

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}
