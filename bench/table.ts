/** Tables in Markdown, and numbers as they stand in them. */

export interface Table {
  title: string;
  head: string[];
  rows: (string | number)[][];
  /** Sentences below it. */
  notes?: string[];
}

export function toMarkdown({ title, head, rows, notes = [] }: Table): string {
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map(
    (cells) => `| ${cells.map((cell) => (typeof cell === 'number' ? digits(cell) : cell)).join(' | ')} |`,
  );
  return [`### ${title}`, '', ...lines, ...(notes.length > 0 ? ['', ...notes] : []), ''].join('\n');
}

/** Three digits that count, thousands apart. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-GB', { maximumFractionDigits: Math.min(places, 3) });
}

/** One value beside another: "0.83 ×". */
export const ratio = (value: number, base: number): string => `${digits(value / base)} ×`;
