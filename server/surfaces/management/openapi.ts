import { z } from 'zod';
import about from '../../../package.json' with { type: 'json' };
import type { CustomerOperation } from './customer-operations.ts';
import { type Route, scopesFor } from './route.ts';
import { scopesOf, scopesOfCustomers } from './scopes.ts';

type Schema = { [name: string]: unknown };

/** The OpenAPI 3.1 document of these operations, made of their contracts. */
export function openApiOf(routes: readonly Route[], ofCustomers: readonly CustomerOperation[]): Schema {
  const schemas: Record<string, Schema> = {};
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  for (const one of ofCustomers) {
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: customerOperationOf(one, schemas) };
  }
  schemas.Error = errorSchema;
  const scopes = Object.fromEntries(scopesOf(routes).map(({ value, description }) => [value, description]));
  const flow = { tokenUrl: '/oauth/token', scopes };
  const own = Object.fromEntries(scopesOfCustomers.map(({ value, description }) => [value, description]));
  const signIn = { authorizationUrl: '/authorize', tokenUrl: '/oauth/token', scopes: own };
  return {
    openapi: '3.1.0',
    info: { title: 'Regulars Management API', version: about.version, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/api/v2' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        machine: { type: 'oauth2', flows: { clientCredentials: flow } },
        customer: { type: 'oauth2', flows: { authorizationCode: signIn }, description: customerNote },
        console: { type: 'apiKey', in: 'cookie', name: '__Host-staff', description: consoleNote },
      },
    },
  };
}

const consoleNote =
  'Staff who are signed in, with the same scopes by their roles: with the header `x-regulars-console: 1`, and on changes an `Origin` that is this server.';

const customerNote =
  "A customer's access token, which a portal asks for at the sign-in with the audience of this API. It opens nothing else.";

const errorSchema = {
  type: 'object',
  properties: {
    statusCode: { type: 'integer' },
    error: { type: 'string' },
    message: { type: 'string' },
    errorCode: { type: 'string' },
  },
  required: ['statusCode', 'error', 'message'],
};

function operationOf(route: Route, schemas: Record<string, Schema>): Schema {
  const { method, path, summary, params, query, body, status, reply, type, versioned } = route;
  const takesBody = method === 'POST' || method === 'PATCH' || method === 'PUT';
  const bodySchema = takesBody ? toSchema(body, 'input', schemas) : {};
  const hasBody = Object.keys(bodySchema).length > 0;
  return {
    operationId: operationId(method, path),
    summary,
    tags: [path.split('/')[1]],
    // Any one of the scopes is enough.
    security: [...scopesFor(route).map((scope) => ({ machine: [scope] })), { console: [] }],
    parameters: [
      ...parametersOf('path', params, schemas),
      ...parametersOf('query', query, schemas),
      ...(versioned && method !== 'GET' ? [ifMatch] : []),
    ],
    ...(hasBody && { requestBody: { required: true, content: { 'application/json': { schema: bodySchema } } } }),
    responses: {
      [status]: {
        description: 'Done',
        ...(reply && { content: contentOf(toSchema(reply, 'output', schemas), type) }),
        ...(!reply && type && { content: contentOf(plainSchema(type), type) }),
        ...(versioned && method === 'GET' && { headers: { ETag: { schema: { type: 'string' } } } }),
      },
      '4XX': { description: 'Refused', content: contentOf({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

function customerOperationOf(operation: CustomerOperation, schemas: Record<string, Schema>): Schema {
  const { method, path, summary, description, scope, params, query, body, replies, errors } = operation;
  const answers = Object.entries(replies).map(([status, { description: what, reply }]) => [
    status,
    { description: what, ...(reply && { content: contentOf(toSchema(reply, 'output', schemas)) }) },
  ]);
  const refusals = Object.entries(errors).map(([status, what]) => [
    status,
    { description: what, content: contentOf({ $ref: '#/components/schemas/Error' }) },
  ]);
  return {
    operationId: operationId(method, path),
    summary,
    description,
    tags: [path.split('/')[1]],
    security: [{ customer: [scope] }],
    parameters: [...parametersOf('path', params, schemas), ...parametersOf('query', query, schemas)],
    ...(body && { requestBody: { required: true, content: contentOf(toSchema(body, 'input', schemas)) } }),
    responses: Object.fromEntries([...answers, ...refusals]),
  };
}

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of what was read: 409 `changed_meanwhile` if it was changed since. Where a GET takes `fields`, the ETag of ' +
    'exactly the properties that change is good, too, and does not mind the others.',
  schema: { type: 'string' },
};

function parametersOf(place: 'path' | 'query', schema: z.ZodType, schemas: Record<string, Schema>): Schema[] {
  const { properties = {}, required = [] } = objectSchema.parse(toSchema(schema, 'input', schemas));
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: one,
  }));
}

const objectSchema = z.object({
  properties: z.record(z.string(), z.looseObject({})).optional(),
  required: z.array(z.string()).optional(),
});

/** A contract as JSON Schema; contracts with an id, and recursive ones, become components that are referred to. */
function toSchema(contract: z.ZodType, io: 'input' | 'output', schemas: Record<string, Schema>): Schema {
  const made = z.toJSONSchema(contract, { io, unrepresentable: 'any' });
  const {
    $schema: _,
    $defs = {},
    id,
    ...schema
  } = JSON.parse(
    JSON.stringify(made)
      .replaceAll('"#/$defs/', '"#/components/schemas/')
      .replace(/__schema\d+/g, 'Json'),
  );
  for (const [name, { id: _id, ...definition }] of Object.entries<Schema>($defs)) {
    keep(schemas, name, definition);
  }
  if (typeof id !== 'string') return schema;
  keep(schemas, id, schema);
  return { $ref: `#/components/schemas/${id}` };
}

function keep(schemas: Record<string, Schema>, name: string, schema: Schema): void {
  const known = schemas[name];
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`Two schemas are called ${name}`);
  schemas[name] = schema;
}

/** Of what no contract describes: text, or the bytes of a picture. */
function plainSchema(type: string): Schema {
  return type.startsWith('image/') ? { type: 'string', format: 'binary' } : { type: 'string' };
}

function contentOf(schema: Schema, type = 'application/json'): Schema {
  return { [type]: { schema } };
}

/** `GET /users/{id}/logs` -> `get_users_id_logs` */
function operationId(method: string, path: string): string {
  return `${method.toLowerCase()}${path.replace(/[{}]/g, '').replace(/[/-]/g, '_')}`;
}
