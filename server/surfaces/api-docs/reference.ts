import type { Document, Operation } from './document.ts';
import { type Bit, type Row, rowsOf, type Shown, sentence, show } from './words.ts';

/** The Management API as its page shows it. */
export type Reference = {
  readonly version: string;
  /** Below which every path is. */
  readonly prefix: string;
  readonly count: number;
  readonly resources: readonly Resource[];
  readonly shapes: readonly Shape[];
};

type Resource = { readonly name: string; readonly operations: readonly OperationShown[] };

type OperationShown = {
  /** Its anchor: `get-users-id`. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: readonly Bit[];
  /** Any one of them opens it; none: it is for staff alone. */
  readonly scopes: readonly string[];
  /** It is a customer's own: the scope of their token. */
  readonly customers: string | undefined;
  readonly more: readonly Bit[];
  readonly places: readonly { readonly name: string; readonly rows: readonly ParameterShown[] }[];
  readonly body: Shown | undefined;
  readonly answers: readonly AnswerShown[];
};

type ParameterShown = Row & { readonly note: readonly Bit[] };

type AnswerShown = {
  readonly status: string;
  readonly type: string | undefined;
  readonly shown: Shown | undefined;
  readonly headers: readonly string[];
  /** Of a refusal: why. */
  readonly why: readonly Bit[];
};

/** A schema that others refer to: an object by its properties, anything else as a value. */
type Shape = Shown & { readonly name: string; readonly rows: readonly Row[] };

/** Sorts the document by resources and says its schemas in words. */
export function referenceOf({ info, servers, paths, components }: Document): Reference {
  const resources = new Map<string, OperationShown[]>();
  let count = 0;
  for (const path of Object.keys(paths).sort()) {
    for (const [method, operation] of Object.entries(paths[path] ?? {})) {
      const [resource] = operation.tags;
      const known = resources.get(resource) ?? [];
      resources.set(resource, [...known, showOperation(method, path, operation)]);
      count += 1;
    }
  }
  return {
    version: info.version,
    prefix: servers[0].url,
    count,
    resources: [...resources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, operations]) => ({ name, operations })),
    shapes: Object.entries(components.schemas).map(([name, schema]) => ({
      name,
      rows: rowsOf(schema),
      ...show(schema),
    })),
  };
}

function showOperation(
  method: string,
  path: string,
  { summary, description = '', security, parameters, requestBody, responses }: Operation,
): OperationShown {
  const places = (['path', 'query', 'header'] as const).map((place) => ({
    name: `${place[0]?.toUpperCase()}${place.slice(1)}`,
    rows: parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name, required, description = '', schema }) => ({
        name,
        required,
        note: sentence(description),
        ...show(schema),
      })),
  }));
  const body = requestBody?.content['application/json'];
  return {
    id: anchorOf(method, path),
    method: method.toUpperCase(),
    path,
    summary: sentence(summary),
    scopes: security.flatMap(({ machine = [] }) => machine),
    customers: security.flatMap(({ customer = [] }) => customer)[0],
    more: sentence(description),
    places: places.filter(({ rows }) => rows.length > 0),
    body: body && show(body.schema),
    answers: Object.entries(responses).map(([status, { description: what, content = {}, headers = {} }]) => {
      const [[type, { schema } = {}] = []] = Object.entries(content);
      return {
        status,
        type,
        shown: schema && show(schema),
        headers: Object.keys(headers),
        why: isOne(status) ? sentence(what) : [],
      };
    }),
  };
}

/** One status of refusals, and not all of them. */
function isOne(status: string): boolean {
  return /^4\d\d$/.test(status);
}

/** `GET /users/{id}/logs` -> `get-users-id-logs` */
function anchorOf(method: string, path: string): string {
  return `${method}${path.replace(/[{}]/g, '').replace(/[/_]/g, '-')}`;
}
