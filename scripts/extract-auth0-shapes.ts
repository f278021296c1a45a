// Writes test/auth0-shapes.json: what the operations that we speak take and answer, without words, taken from
// Auth0's OpenAPI document of the Management API, whose path is the argument.
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const families =
  /^\/(actions\/(?!modules).*|(users|users-by-email|user-blocks|clients|connections|resource-servers|client-grants|rules)(\/\{\w+\}(\/(authentication-methods|identities|logs|clients|rotate-secret|connections)(\/.*)?)?)?|tickets\/.*|jobs\/verification-email|keys\/signing(\/.*)?|rules-configs(\/\{key\})?|attack-protection\/(brute-force-protection|suspicious-ip-throttling|breached-password-detection))$/;

const documentShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.json())),
  components: z.looseObject({ schemas: z.record(z.string(), z.json()) }),
});
const contentShape = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.json() })).optional() });
const operationShape = z.looseObject({
  requestBody: contentShape.optional(),
  responses: z.record(z.string(), contentShape),
});

type Json = z.infer<ReturnType<typeof z.json>>;
type Operation = { body?: Json; replies: Record<string, Json> };

const wordy = /^(description|example|examples|title|deprecated|x-.*)$/;

/** Without words, and with every `$ref` noted in `refs`. */
function bare(value: Json, refs: Set<string>, isNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => bare(item, refs));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => isNames || !wordy.test(key));
  const name = typeof value.$ref === 'string' ? value.$ref.split('/').at(-1) : undefined;
  if (name !== undefined) refs.add(name);
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, bare(inner, refs, !isNames && (key === 'properties' || key === 'schemas'))]),
  );
}

function schemaOf(content: z.infer<typeof contentShape> | undefined): Json | undefined {
  return Object.values(content?.content ?? {})[0]?.schema;
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('Give the path of the OpenAPI document.');
const document = documentShape.parse(JSON.parse(await readFile(source, 'utf8')));

const refs = new Set<string>();
const operations: Record<string, Operation> = {};
for (const [path, methods] of Object.entries(document.paths)) {
  if (!families.test(path)) continue;
  for (const [method, raw] of Object.entries(methods)) {
    const operation = operationShape.safeParse(raw);
    if (!operation.success) continue;
    const body = schemaOf(operation.data.requestBody);
    const replies: Record<string, Json> = {};
    for (const [status, response] of Object.entries(operation.data.responses)) {
      const schema = schemaOf(response);
      if (status.startsWith('2') && schema !== undefined) replies[status] = bare(schema, refs);
    }
    operations[`${method.toUpperCase()} ${path}`] = { ...(body !== undefined && { body: bare(body, refs) }), replies };
  }
}

const schemas: Record<string, Json> = {};
for (const name of refs) schemas[name] = bare(document.components.schemas[name] ?? {}, refs);

const text = JSON.stringify({ operations, components: { schemas } });
await writeFile(new URL('../test/auth0-shapes.json', import.meta.url), `${text}\n`);
