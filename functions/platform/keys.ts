/**
 * Table keys made from text of people. Tables refuse `/ \ # ?` and controls in keys; escaping keeps the order
 * of UTF-16 code units and maps prefixes to prefixes, so that the directory is an alphabetical list and a
 * prefix search at once. Each refused character is written as its predecessor and `1`; that predecessor,
 * where it stands for itself, as itself and `0`.
 * Source: Microsoft Learn, "Understanding the Table service data model", characters disallowed in key fields.
 */
const pairs: Record<string, string> = {
  '"': '"0',
  '#': '"1',
  '.': '.0',
  '/': '.1',
  '>': '>0',
  '?': '>1',
  '[': '[0',
  '\\': '[1',
};
const originals = new Map(Object.entries(pairs).map(([original, escaped]) => [escaped, original]));

/** Text without control characters to a valid table key. */
export function escapeKey(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new RangeError('A table key cannot hold control characters');
  return text.replace(/["#./>?[\\]/g, (character) => pairs[character] ?? character);
}

/** The inverse of `escapeKey`. */
export function unescapeKey(key: string): string {
  return key.replace(/[".>[][01]/g, (pair) => originals.get(pair) ?? pair);
}
