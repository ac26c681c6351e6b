/** Letters for a terminal, and for programs. Pure. */
import type { Letter } from './letter.ts';

const columns = ['NUMBER', 'SINCE', 'REASON', 'ROOM', 'BYTES', 'DESCRIPTION'] as const;
const longestCell = 100;

/** A table without the texts of the messages. */
export function toTable(letters: Letter[]): string {
  const rows = letters.map((letter) =>
    [
      letter.number,
      letter.since.slice(0, 19),
      letter.reason,
      letter.room_id ?? '-',
      String(letter.body.length),
      letter.description,
    ].map(oneLine),
  );
  const widths = columns.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  return [columns, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Everything of one letter, its text last. */
export function toText(letter: Letter): string {
  const { body, properties, ...rest } = letter;
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined && value !== '');
  return [
    ...fields.map(([name, value]) => `${name}: ${printable(String(value))}`),
    'properties:',
    ...Object.entries(properties).map(([name, value]) => `  ${printable(name)}: ${printable(String(value))}`),
    `body (${body.length} bytes):`,
    printable(body.toString(), true),
  ].join('\n');
}

/** One line of JSON; the body in base64, as it is. */
export function toJson(source: string, letter: Letter): string {
  return JSON.stringify({ source, ...letter, body: letter.body.toString('base64') });
}

function oneLine(text: string): string {
  const line = printable(text);
  return line.length > longestCell ? `${line.slice(0, longestCell - 1)}…` : line;
}

/** Text of strangers must not steer the terminal. */
function printable(text: string, lines = false): string {
  const controls = lines ? /(?![\n\t])\p{C}/gu : /\p{C}/gu;
  return text.replace(controls, (control) => `\\u{${control.codePointAt(0)!.toString(16)}}`);
}
