/**
 * The OpenAPI document as API Management can import it: version 3.0.3; every body a schema of `components`, by its
 * name; nothing else in `components`, no security and no servers, which its own settings say.
 * Rules: learn.microsoft.com/azure/api-management/api-management-api-import-restrictions.
 */
import { openapi } from './openapi.ts';

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  security?: unknown;
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

/** The document, as plain data. Throws where two bodies would get the same name. */
export function openapiForImport(): Json {
  const { info, tags, paths, components } = JSON.parse(JSON.stringify(openapi())) as {
    info: Json;
    tags: unknown;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Json };
  };
  const { schemas } = components;
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    delete operation.security;
    nameBodies(operation, schemas);
  }
  const { title, version, description } = info;
  return toVersion30({
    openapi: '3.0.3',
    info: { title, version, description, license: { name: 'MIT' } },
    tags,
    paths,
    components: { schemas },
  }) as Json;
}

/** Moves the schemas of an operation's bodies into `schemas`, and refers to them. */
function nameBodies({ operationId, requestBody, responses }: Operation, schemas: Json): void {
  const base = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  for (const body of Object.values(requestBody?.content ?? {})) refer(body, `${base}Body`, schemas);
  for (const [status, { content = {} }] of Object.entries(responses)) {
    for (const [type, body] of Object.entries(content)) {
      const form = type.startsWith('text/') ? 'Text' : 'Answer';
      refer(body, `${base}${form}${status.startsWith('2') ? '' : status}`, schemas);
    }
  }
}

function refer(body: { schema: unknown }, name: string, schemas: Json): void {
  if (isObject(body.schema) && '$ref' in body.schema) return;
  if (name in schemas) throw new Error(`Two schemas would be called ${name}.`);
  schemas[name] = body.schema;
  body.schema = { $ref: `#/components/schemas/${name}` };
}

/** What JSON Schema 2020-12 says and OpenAPI 3.0 has other words for, or none. Throws for what has not come up yet. */
function toVersion30(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toVersion30);
  if (!isObject(value)) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toVersion30(inner)]));
  const { type, exclusiveMinimum, const: constant } = schema;
  if (Array.isArray(type)) {
    if (type.includes('null')) throw new Error('Say in toVersion30 how a value that can be null is written.');
    delete schema['type'];
    schema['anyOf'] = type.map((each: unknown) => ({ type: each }));
  }
  if (typeof exclusiveMinimum === 'number')
    Object.assign(schema, { minimum: exclusiveMinimum, exclusiveMinimum: true });
  if (typeof constant === 'string') {
    delete schema['const'];
    schema['enum'] = [constant];
  }
  // The names of JSON's properties are strings: nothing is lost.
  if (isObject(schema['propertyNames'])) delete schema['propertyNames'];
  return schema;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
