/**
 * A row as it stands in a backup: the service's own JSON without ETag and timestamp, each property that is no text,
 * whole number or boolean with its type beside it (`x@odata.type`). Pure.
 */

export interface StoredRow {
  PartitionKey: string;
  RowKey: string;
  [property: string]: string | number | boolean;
}

const type = '@odata.type';
const keys = ['PartitionKey', 'RowKey'];
const ofService = (name: string): boolean =>
  name.startsWith('odata.') || name === 'Timestamp' || name === `Timestamp${type}`;

/**
 * The rows of a page as the service wrote it. Read from its text, because of a number only the text says what it is:
 * 1.0 is a Double, 1 an Int32, and the SDK makes one of both.
 */
export function readRows(page: string): StoredRow[] {
  const reviver = function (
    this: unknown,
    name: string,
    value: unknown,
    context: { source: string },
  ): unknown {
    if (typeof value === 'number' && /[.eE]/.test(context.source)) {
      (this as Record<string, unknown>)[name + type] ??= 'Edm.Double';
    }
    return value;
  };
  const { value } = JSON.parse(page, reviver as Parameters<typeof JSON.parse>[1]) as { value: StoredRow[] };
  return value.map(
    (row) => Object.fromEntries(Object.entries(row).filter(([name]) => !ofService(name))) as StoredRow,
  );
}

/** One line, always the same for the same row: the keys first, then the rest by name. */
export function toLine(row: StoredRow): string {
  const names = Object.keys(row).filter((name) => !keys.includes(name));
  const ordered = [...keys, ...names.toSorted()].map((name) => [name, row[name]] as const);
  // Two separators of lines that JSON leaves as they are, and that programs for lines would split at.
  return JSON.stringify(Object.fromEntries(ordered)).replace(/[\u2028\u2029]/g, (character) =>
    character === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

/** The inverse. Throws where the line holds no row. */
export function parseLine(line: string): StoredRow {
  const row = JSON.parse(line) as unknown;
  const isRow =
    typeof row === 'object' &&
    row !== null &&
    keys.every((key) => typeof (row as StoredRow)[key] === 'string');
  if (!isRow) throw new Error('no row');
  return row as StoredRow;
}

/** As the SDK takes it, every type as it was. */
export function toEntity(row: StoredRow): { partitionKey: string; rowKey: string } {
  const { PartitionKey, RowKey, ...rest } = row;
  const properties = Object.entries(rest)
    .filter(([name]) => !name.endsWith(type))
    .map(([name, value]) => {
      const given = rest[name + type];
      return [name, typeof given === 'string' ? { value, type: given.replace('Edm.', '') } : value];
    });
  return { partitionKey: PartitionKey, rowKey: RowKey, ...(Object.fromEntries(properties) as object) };
}
