/** The OpenAPI document for API Management: that it is up to date, and within what the import accepts. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { openapiForImport } from '../../contract/openapi-import.ts';
import { openapi } from '../../contract/openapi.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { content?: Record<string, { schema: Record<string, unknown> }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

const text = readFileSync(new URL('../../infra/openapi.json', import.meta.url), 'utf8');
const stored = JSON.parse(text) as Document;
const operationsOf = ({ paths }: Pick<Document, 'paths'>): Operation[] =>
  Object.values(paths).flatMap((methods) => Object.values(methods));
const operations = operationsOf(stored);

/** Every object of a document with the key that it stands under. */
function* objectsOf(value: unknown, under = ''): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [under, value as Record<string, unknown>];
  for (const [key, inner] of Object.entries(value)) yield* objectsOf(inner, key);
}

describe('the OpenAPI document for API Management', () => {
  it('is what the schemas say today; after a change run npm run openapi', () => {
    expect(stored).toEqual(JSON.parse(JSON.stringify(openapiForImport())));
  });

  it('has the version and the size that the import takes', () => {
    expect(stored.openapi).toBe('3.0.3');
    expect(Buffer.byteLength(text)).toBeLessThan(4 * 1024 * 1024);
  });

  it('says nothing that the import leaves out or refuses', () => {
    expect(Object.keys(stored).toSorted()).toEqual(['components', 'info', 'openapi', 'paths', 'tags']);
    expect(Object.keys(stored.components)).toEqual(['schemas']);
    for (const operation of operations) expect(operation).not.toHaveProperty('security');
  });

  it('lists the same operations as the document for people, each with its id', () => {
    const full = JSON.parse(JSON.stringify(openapi())) as Document;
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids).toEqual(operationsOf(full).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^\w{1,80}$/);
  });

  it('names the schema of every body, and holds every schema that it names', () => {
    let bodies = 0;
    for (const { requestBody, responses, operationId } of operations) {
      for (const { content = {} } of [requestBody ?? {}, ...Object.values(responses)]) {
        for (const { schema } of Object.values(content)) {
          bodies += 1;
          expect(Object.keys(schema), operationId).toEqual(['$ref']);
        }
      }
    }
    expect(bodies).toBeGreaterThan(operations.length);
    const names = [...text.matchAll(/"\$ref": "([^"]*)"/g)].map(([, name = '']) => name);
    for (const name of names) {
      expect(name).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(stored.components.schemas).toHaveProperty(name.split('/').at(-1)!);
    }
  });

  it('has plain parameters, one of each name in path and query', () => {
    for (const { parameters = [], operationId } of operations) {
      const names = parameters.map(({ name }) => name);
      expect(new Set(names).size, operationId).toBe(names.length);
      for (const { schema } of parameters) {
        expect(['string', 'integer', 'boolean'], operationId).toContain(schema['type']);
      }
    }
  });

  it('speaks in the words of OpenAPI 3.0 alone', () => {
    const newer = ['const', 'propertyNames', 'prefixItems', 'examples', '$defs', 'contentEncoding', 'if'];
    for (const [under, object] of objectsOf(stored)) {
      if (under === 'properties') continue;
      for (const word of newer) expect(object).not.toHaveProperty([word]);
      expect(Array.isArray(object['type'])).toBe(false);
      if ('exclusiveMinimum' in object) expect(object['exclusiveMinimum']).toBe(true);
      if ('$ref' in object) expect(Object.keys(object)).toEqual(['$ref']);
    }
  });

  it('means the same: a body that is right in one document is right in the other', () => {
    const schemas = new Ajv({ strict: false, validateFormats: false }).addSchema({
      $id: 'import',
      // Ajv reads the number form of this one bound; all others are the same in both versions.
      components: JSON.parse(
        JSON.stringify(stored.components).replaceAll(
          /"minimum":(\d+),"exclusiveMinimum":true|"exclusiveMinimum":true,"minimum":(\d+)/g,
          (_, left?: string, right?: string) => `"exclusiveMinimum":${left ?? right}`,
        ),
      ) as object,
    });
    const isRoomBody = schemas.getSchema('import#/components/schemas/CreateRoomBody')!;
    expect(isRoomBody({ name: 'Lobby', kind: 'open' })).toBe(true);
    expect(isRoomBody({ kind: 'open' })).toBe(false);
    expect(isRoomBody({ name: 'Lobby', kind: 'shut' })).toBe(false);
    const isPublished = schemas.getSchema('import#/components/schemas/PublishAnswer')!;
    expect(isPublished({ status: 'success', room: 'Lobby', message_id: 'x', seq: 1 })).toBe(true);
    expect(isPublished({ status: 'failure', room: 'Lobby', message_id: 'x', seq: 1 })).toBe(false);
    const isHistory = schemas.getSchema('import#/components/schemas/ReadMessagesAnswer')!;
    expect(isHistory({ messages: [], head: 0, edition: 0, first: 1 })).toBe(true);
    expect(isHistory({ messages: [], head: 0, edition: 0, first: 0 })).toBe(false);
  });
});
