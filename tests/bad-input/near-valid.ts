/** Input that is wrong: anything at all, and what would be right but for one place. */
import * as fc from 'fast-check';
import type * as z from 'zod/mini';

/** Texts that have broken programs before, among any others. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    "' or ''='",
    '../..',
    '%00',
    '__proto__',
    'NaN',
    '-1',
    '1e999',
  ),
  fc.constantFrom('a'.repeat(8_001), '😀'.repeat(8_001), '\u202e'.repeat(501), 'ﷺ'.repeat(50)),
);

/** What travels in an address or a header, which are bytes. */
export const asciiText = fc.oneof(
  fc.string({ maxLength: 60 }),
  text.map((any) => encodeURIComponent(any.toWellFormed()).slice(0, 2_000)),
);

const value = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.uuid(),
  fc.array(fc.jsonValue(), { maxLength: 3 }),
  fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 }),
);

type Fields = Record<string, unknown>;

/** The right fields with one exchanged, left out or added, or all in the wrong wrapping. */
export function changed(right: Fields): fc.Arbitrary<unknown> {
  const name = fc.constantFrom(...Object.keys(right));
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(name, value).map(([field, other]) => ({ ...right, [field]: other })) },
    name.map((field) => Object.fromEntries(Object.entries(right).filter(([other]) => other !== field))),
    fc.tuple(text, value).map(([field, other]) => ({ ...right, [field]: other })),
    fc.constant([right]),
    fc.constant(JSON.stringify(right)),
    value,
  );
}

/** Bodies that are no JSON, or hardly. */
const noJson = fc.oneof(
  text,
  fc.constantFrom('{', '[]]', '{"a":1', 'undefined', "{'a': 1}", '\ufeff{}', '{"a":NaN}'),
  fc.constant('['.repeat(5_000) + ']'.repeat(5_000)),
  fc.constant('{"a":'.repeat(5_000)),
);

/** A body that the schema refuses, as text. */
export function wrongBody(schema: z.ZodMiniType, right: Fields): fc.Arbitrary<string> {
  const bodies = fc.oneof(
    { weight: 5, arbitrary: changed(right).map((body) => JSON.stringify(body)) },
    noJson,
  );
  return bodies.filter((body) => !schema.safeParse(parse(body)).success);
}

/** A symbol for what is no JSON: no schema takes it. */
function parse(body: string): unknown {
  try {
    // Whoever decodes UTF-8 drops the mark before it.
    return JSON.parse(body.replace(/^\ufeff/, ''));
  } catch {
    return Symbol('no JSON');
  }
}
