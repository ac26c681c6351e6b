import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnlyEmoji, shorten, tokenize } from '../../../web/conversation/text-tokens.ts';

const links = (text: string): string[] =>
  tokenize(text).flatMap((token) => (token.kind === 'link' ? [token.raw] : []));

describe('finding links and code', () => {
  it('gives back the text, character by character, whatever was written', () => {
    const pieces = fc.constantFrom(
      '`',
      '```',
      'https://a.b/',
      'http://',
      ' ',
      '\n',
      '(',
      ')',
      '.',
      'javascript:',
      '😀',
      'x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(
            tokenize(text)
              .map(({ raw }) => raw)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });

  it('links http and https, and no other scheme', () => {
    expect(links('http://a.example and HTTPS://b.example/x?y=1#z')).toEqual([
      'http://a.example',
      'HTTPS://b.example/x?y=1#z',
    ]);
    expect(links('javascript:alert(1) data:text/html,x ftp://a.example file:///etc mailto:a@b.c')).toEqual(
      [],
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const token of tokenize(text)) {
          if (token.kind === 'link') expect(token.href).toMatch(/^https?:\/\//);
        }
      }),
    );
  });

  it('leaves the punctuation of the sentence out of the address', () => {
    expect(links('See https://a.example/b, or (https://c.example/d).')).toEqual([
      'https://a.example/b',
      'https://c.example/d',
    ]);
    expect(links('https://en.wikipedia.example/wiki/Fern_(plant)')).toEqual([
      'https://en.wikipedia.example/wiki/Fern_(plant)',
    ]);
  });

  it('makes no link of an address that is none', () => {
    expect(links('https:// and http://[ and https://%')).toEqual([]);
  });

  it('finds no link inside code', () => {
    expect(tokenize('run `curl https://a.example` now')).toEqual([
      { kind: 'text', raw: 'run ' },
      { kind: 'code', raw: '`curl https://a.example`', code: 'curl https://a.example' },
      { kind: 'text', raw: ' now' },
    ]);
  });

  it('takes a fenced block without its language and its last line break', () => {
    expect(tokenize('```ts\nlet a = 1;\n```\nend')).toEqual([
      { kind: 'block', raw: '```ts\nlet a = 1;\n```\n', code: 'let a = 1;' },
      { kind: 'text', raw: 'end' },
    ]);
  });

  it('is done at once with a text made to be slow', () => {
    expect(tokenize(`${'`'.repeat(8_000)}`).length).toBeGreaterThan(0);
    expect(tokenize(`https://a.example/${')'.repeat(7_900)}`).length).toBe(2);
  });
});

describe('shortening an address', () => {
  it('keeps the beginning and the end, and never more than asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 200 }),
        fc.integer({ min: 20, max: 80 }),
        (url, most) => {
          const short = shorten(url, most);
          expect(Array.from(short).length).toBeLessThanOrEqual(most);
          expect(short.slice(0, 8)).toBe(url.slice(0, 8));
          expect(short.at(-1)).toBe(url.at(-1));
        },
      ),
    );
  });
});

describe('only emoji', () => {
  it.each([
    ['🎉', true],
    ['👩‍👩‍👧 👍🏽', true],
    ['🎉🎉🎉🎉', false],
    ['1', false],
    ['ok 👍', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isOnlyEmoji(text)).toBe(expected);
  });
});
