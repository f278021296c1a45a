import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Shape = { [name: string]: unknown };
export type Shapes = {
  operations: Record<string, { body?: Shape; replies: Record<string, Shape> }>;
  components: { schemas: Record<string, Shape> };
};

/**
 * What Auth0's Management API takes and answers; made by scripts/extract-auth0-shapes.ts. Its alternatives are not
 * exclusive, though it says so: a last page has neither totals nor `next`.
 */
export const shapes: Shapes = JSON.parse(
  readFileSync(new URL('auth0-shapes.json', import.meta.url), 'utf8').replaceAll('"oneOf":', '"anyOf":'),
);

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'auth0', components: shapes.components });

/** Properties of ours in things that are closed at Auth0. */
const ours: ReadonlySet<string> = new Set(['attributes', 'brands', 'deployed_by', 'on_failure']);

// To compile one takes far longer than to ask it.
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with an answer by Auth0's own schema; undefined: nothing, or Auth0 has no such operation. */
export function misfit(operation: string, status: number, answer: unknown): string | undefined {
  const schema = shapes.operations[operation]?.replies[status];
  if (!schema) return undefined;
  const name = `${operation} ${status}`;
  const validate = compiled.get(name) ?? ajv.compile(rebased(schema));
  compiled.set(name, validate);
  const theirs = JSON.parse(JSON.stringify(answer ?? null, (name, value) => (ours.has(name) ? undefined : value)));
  return validate(theirs) ? undefined : ajv.errorsText(validate.errors);
}

/** The schema behind references, one level. */
export function resolve(schema: Shape): Shape {
  const ref = schema.$ref;
  const target = typeof ref === 'string' ? shapes.components.schemas[ref.split('/').at(-1) ?? ''] : undefined;
  return target ? resolve(target) : schema;
}

/** References of the document point into the one that ajv knows. */
function rebased(schema: Shape): Shape {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"auth0#/components/'));
}
