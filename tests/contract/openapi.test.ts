/** The OpenAPI document: that it is the schemas' own, that it is complete, and that what it refers to is there. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calls } from '../../contract/calls.ts';
import { openapi } from '../../contract/openapi.ts';
import { problems } from '../../contract/problems.ts';

const stored: unknown = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
const document = JSON.parse(JSON.stringify(openapi())) as {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown> };
};
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

/** A call of `registerHttp` with its route as it stands: all but the webhook, which is not for clients. */
const registration = /registerHttp\(\s*'[\w-]+',\s*\[([^\]]+)\],\s*'([^']+)'/g;

describe('the OpenAPI document', () => {
  it('is what the schemas say today; after a change run npm run openapi', () => {
    expect(stored).toEqual(document);
  });

  it('lists every call once, under an id of its own', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.length).toBe(Object.values(calls).flatMap((methods) => Object.values(methods)).length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lists what the functions serve, and nothing else', () => {
    const folder = new URL('../../functions/', import.meta.url);
    const registered = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(registration)])
      .flatMap(([, methods = '', route = '']) =>
        [...methods.matchAll(/'(\w+)'/g)].map(([, method = '']) => `${method} /${route}`),
      );
    const described = Object.entries(calls).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(registered.toSorted()).toEqual(described.toSorted());
  });

  it('refers only to schemas that it holds', () => {
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(referred.length).toBeGreaterThan(20);
    for (const [, name = ''] of referred) expect(document.components.schemas).toHaveProperty(name);
  });

  it('says with every refusal which codes it can carry', () => {
    for (const { operationId, responses } of operations) {
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) < 400 || (operationId === 'readHealth' && status === '503')) continue;
        const codes = [...JSON.stringify(response).matchAll(/`(\w+)`/g)].map(
          ([, code]) => code as keyof typeof problems,
        );
        expect(codes, `${operationId} ${status}`).not.toEqual([]);
        for (const code of codes) expect(problems[code].status).toBe(Number(status));
      }
    }
  });

  it('lets new fields appear anywhere', () => {
    expect(JSON.stringify(document)).not.toContain('"additionalProperties":false');
  });
});
