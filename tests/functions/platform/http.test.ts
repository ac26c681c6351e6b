/** The edge: request ids, and what becomes of whatever is thrown. */
import { RestError } from '@azure/core-rest-pipeline';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../../../contract/problems.ts';
import { answer, json, nextLink } from '../../../functions/platform/http.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';
import { call } from '../call.ts';

beforeAll(() => {
  process.env['WEBHOOK_CODE'] = 'a-code-for-tests-only';
  process.env['SESSION_SIGNING_KEY'] = 'a-key-for-tests-only-0123456789-0123456789';
});

const throwing = (thrown: unknown) => () => Promise.reject(thrown as Error);

describe('an answer', () => {
  it('carries the id of its request, ours where the caller’s is nonsense', async () => {
    const fine = () => Promise.resolve(json(200, {}));
    const given = await call(fine, { headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers.get('x-request-id')).toBe('abc-1');
    const nonsense = await call(fine, { headers: { 'x-request-id': 'a b' } });
    expect(nonsense.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('what is thrown', () => {
  it('expected, is the problem that it names, with when to come back', async () => {
    const busy = new ProblemError('busy', 'Come back.', { retryAfterSeconds: 1.2 });
    const { status, headers, body } = await call(throwing(busy));
    expect([status, headers.get('retry-after')]).toEqual([429, '2']);
    expect(problem.parse({ ...body, status })).toMatchObject({ code: 'busy', detail: 'Come back.' });
  });

  it.each([
    ['a storage that is busy', new RestError('busy', { statusCode: 503 }), 503],
    ['a storage that throttles', new RestError('slow down', { statusCode: 429 }), 503],
    ['a port where nobody listens', Object.assign(new Error('no'), { code: 'ECONNREFUSED' }), 503],
    ['a mistake of ours', new TypeError('secret inside'), 500],
    ['a wrong request of ours', new RestError('secret inside', { statusCode: 400 }), 500],
    ['no error at all', 'secret inside', 500],
  ])('unexpected, as %s, is logged once and tells nothing of the inside', async (_what, thrown, expected) => {
    const logged: unknown[] = [];
    const context = new InvocationContext({
      functionName: 'test',
      logHandler: (level, ...said) => logged.push([level, ...said]),
    });
    const request = new HttpRequest({ method: 'GET', url: 'http://localhost/api/x' });
    const { status, body } = await answer(throwing(thrown), request, context);
    expect(status).toBe(expected);
    expect(body).not.toContain('secret');
    expect(logged).toHaveLength(1);
  });
});

describe('a link to the next page', () => {
  it('is the same call with the cursor, and relative', () => {
    const request = new HttpRequest({
      method: 'GET',
      url: 'http://localhost:7071/api/rooms?query=a&cursor=x',
    });
    expect(nextLink(request, 'b=/')).toEqual({ link: '</api/rooms?query=a&cursor=b%3D%2F>; rel="next"' });
    expect(nextLink(request, undefined)).toEqual({});
  });
});
