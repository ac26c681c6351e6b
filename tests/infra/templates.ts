/** The templates of this repository. */
import { globSync, readFileSync } from 'node:fs';

export const templates: Readonly<Record<string, string>> = Object.fromEntries(
  globSync('infra/**/*.bicep').map((path) => [path, readFileSync(path, 'utf8')]),
);

/** A copy with one place changed. Throws where that place is not there once. */
export function broken(path: string, find: string, replace: string): Record<string, string> {
  const text = templates[path] ?? '';
  if (text.split(find).length !== 2) throw new Error(`${path} does not hold ${find} once`);
  return { ...templates, [path]: text.replace(find, () => replace) };
}
