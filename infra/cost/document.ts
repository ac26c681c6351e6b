/** The tables of docs/cost.md, which stand there between a comment with their name and one with `end`. */

const place = /<!-- (\w+): npm run cost -->\n[^]*?<!-- end -->/g;

/** The document with the tables as they are now. Throws where it has no place for one, or a place without one. */
export function withTables(document: string, tables: Record<string, string>): string {
  const left = new Set(Object.keys(tables));
  const written = document.replaceAll(place, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`docs/cost.md wants the table ${name}, which there is not.`);
    left.delete(name);
    return `<!-- ${name}: npm run cost -->\n\n${table}\n<!-- end -->`;
  });
  if (left.size > 0) throw new Error(`docs/cost.md has no place for ${[...left].join(', ')}.`);
  return written;
}

/** Cells and sentences alone: formatting may pad a table. */
export const plain = (markdown: string): string =>
  markdown
    .replace(/-{3,}/g, '---')
    .replace(/[ \t]*\|[ \t]*/g, '|')
    .replace(/\n{2,}/g, '\n')
    .trim();
