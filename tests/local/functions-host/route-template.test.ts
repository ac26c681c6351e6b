/** Route templates of ASP.NET Core: what they match, and which of several goes first. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparePrecedence,
  matchTemplate,
  parseTemplate,
} from '../../../local/functions-host/http/route-template.ts';

const match = (template: string, path: string): Record<string, string> | undefined =>
  matchTemplate(parseTemplate(template), path);

describe('a template', () => {
  it.each([
    ['api/rooms', 'api/rooms', {}],
    ['api/rooms', 'API/Rooms/', {}],
    ['api/rooms', 'api', undefined],
    ['api/rooms', 'api/rooms/1', undefined],
    ['rooms/{id}', 'rooms/a%20b', { id: 'a b' }],
    ['rooms/{id}', 'rooms/', undefined],
    ['rooms/{id?}', 'rooms', {}],
    ['rooms/{id?}', 'rooms/', {}],
    ['rooms/{id=all}', 'rooms', { id: 'all' }],
    ['rooms/{id:int=7}', 'rooms', { id: '7' }],
    ['files/{*path}', 'files/a/b/c', { path: 'a/b/c' }],
    ['files/{**path}', 'files', {}],
    ['files/{*path}', 'files', {}],
    ['{a}-{b}', 'x-y', { a: 'x', b: 'y' }],
    ['v{version:int}', 'v2', { version: '2' }],
    ['v{version:int}', 'vx', undefined],
    ['{name}.{extension}', 'a.b.c', { name: 'a.b', extension: 'c' }],
    ['', '', {}],
    ['{*all}', '', {}],
    ['x/{id:guid}', 'x/00000000-0000-7000-8000-000000000001', { id: '00000000-0000-7000-8000-000000000001' }],
    ['x/{id:guid}', 'x/1', undefined],
    ['x/{code:length(3)}', 'x/abc', { code: 'abc' }],
    ['x/{code:length(2,3)}', 'x/abcd', undefined],
    ['x/{n:range(1,10)}', 'x/10', { n: '10' }],
    ['x/{n:range(1,10)}', 'x/11', undefined],
    ['x/{n:min(5):max(6)}', 'x/4', undefined],
    ['x/{b:bool}', 'x/TRUE', { b: 'TRUE' }],
    ['x/{d:double}', 'x/-1.5e3', { d: '-1.5e3' }],
    ['x/{n:int}', 'x/2147483648', undefined],
    ['x/{n:long}', 'x/2147483648', { n: '2147483648' }],
    ['x/{t:regex(^\\d{{3}}$)}', 'x/123', { t: '123' }],
    ['x/{t:regex(^\\d{{3}}$)}', 'x/1234', undefined],
    ['x/{t:alpha:minlength(2)}', 'x/ab', { t: 'ab' }],
    ['x/{w:datetime}', 'x/2026-11-23', { w: '2026-11-23' }],
  ])('%s for %s gives %o', (template, path, values) => {
    expect(match(template, path)).toEqual(values);
  });

  it.each(['a/{*rest}/b', 'a/{id', 'a/id}', '{id:prime}', '{:int}'])('cannot be %s', (template) => {
    expect(() => parseTemplate(template)).toThrow(/route/);
  });

  it('gives back any text that its parameter stood for, decoded', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[/]|^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(segment, segment, (left, right) => {
        const path = `rooms/${encodeURIComponent(left)}/x/${encodeURIComponent(right)}`;
        expect(match('rooms/{left}/x/{right}', path)).toEqual({ left, right });
      }),
    );
  });

  it('leaves what is no proper encoding as it is', () => {
    expect(match('{id}', '%zz%E9')).toEqual({ id: '%zz%E9' });
  });
});

it('templates are tried from the most particular to the most general', () => {
  const inOrder = ['a/b', 'a/b{c}', 'a/{id:int}', 'a/{id}', 'a/{*rest}', '{x}/b', '{*all}'];
  const shuffled = fc.shuffledSubarray(inOrder, { minLength: inOrder.length });
  fc.assert(
    fc.property(shuffled, (given) => {
      const sorted = given.map(parseTemplate).toSorted(comparePrecedence);
      const places = sorted.map(({ text }) => inOrder.indexOf(text));
      // Text with a parameter in it and a constrained parameter count the same.
      expect(places.map((place) => (place === 2 ? 1 : place))).toEqual([0, 1, 1, 3, 4, 5, 6]);
    }),
  );
});
