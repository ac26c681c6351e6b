/**
 * Table Storage in memory: keys, ETags, conditions and transactions as Azure's, without a clock or a line of its own.
 * What it throws is what the SDK would throw. `table-store.test.ts` holds it against Azurite.
 */
import { RestError, type TransactionAction } from '@azure/data-tables';

export type Entity = { partitionKey: string; rowKey: string; etag: string; timestamp: string } & Record<
  string,
  unknown
>;
type Given = { partitionKey: string; rowKey: string } & Record<string, unknown>;

const refuse = (statusCode: number, code: string, index?: number): RestError =>
  new RestError(`${index === undefined ? '' : `${index}:`}${code}`, { code, statusCode });

/** One table. Every method is one request, applied whole or not at all. */
export class TableStore {
  #rows = new Map<string, Entity>();
  readonly #now: () => Date;
  #version = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  get(partitionKey: string, rowKey: string): Entity {
    const row = this.#rows.get(key({ partitionKey, rowKey }));
    if (!row) throw refuse(404, 'ResourceNotFound');
    return { ...row };
  }

  /** Rows that match an OData filter, by partition and row key. */
  list(filter: string): Entity[] {
    const matches = readFilter(filter);
    return [...this.#rows.values()]
      .filter(matches)
      .toSorted((left, right) => (key(left) < key(right) ? -1 : 1))
      .map((row) => ({ ...row }));
  }

  /** One write; answers the new ETag, '' for a deletion. */
  write(action: TransactionAction): string {
    return this.#apply(this.#rows, action);
  }

  /** All or none: at most 100 actions of one partition, each row once. Answers the new ETags. */
  transact(actions: TransactionAction[]): string[] {
    const keys = actions.map(([, entity]) => key(entity as Given));
    const partitions = new Set(actions.map(([, entity]) => entity.partitionKey));
    if (actions.length > 100 || partitions.size > 1) throw refuse(400, 'InvalidInput', 0);
    if (new Set(keys).size < keys.length) throw refuse(400, 'InvalidDuplicateRow', 0);
    const rows = new Map(this.#rows);
    const etags = actions.map((action, index) => this.#apply(rows, action, index));
    this.#rows = rows;
    return etags;
  }

  #apply(rows: Map<string, Entity>, action: TransactionAction, index?: number): string {
    const [kind, given] = action;
    const entity = given as Given;
    const place = key(entity);
    const known = rows.get(place);
    if (kind === 'create' && known) throw refuse(409, 'EntityAlreadyExists', index);
    if (kind === 'create' || (kind === 'upsert' && !known)) return this.#put(rows, entity);
    if (kind === 'upsert') return this.#put(rows, action[2] === 'Merge' ? { ...known, ...entity } : entity);
    if (!known) throw refuse(404, 'ResourceNotFound', index);
    const etag = (kind === 'update' ? action[3]?.etag : undefined) ?? '*';
    if (etag !== '*' && etag !== known.etag) throw refuse(412, 'UpdateConditionNotSatisfied', index);
    if (kind === 'update') return this.#put(rows, action[2] === 'Replace' ? entity : { ...known, ...entity });
    rows.delete(place);
    this.#version += 1;
    return '';
  }

  #put(rows: Map<string, Entity>, given: Given): string {
    const { partitionKey, rowKey } = given;
    const etag = `W/"${(this.#version += 1)}"`;
    rows.set(key({ partitionKey, rowKey }), { ...given, etag, timestamp: this.#now().toISOString() });
    return etag;
  }

  /** A deletion outside a transaction, which alone takes an ETag. */
  delete(row: { partitionKey: string; rowKey: string }, etag: string): void {
    const known = this.get(row.partitionKey, row.rowKey);
    if (etag !== '*' && etag !== known.etag) throw refuse(412, 'UpdateConditionNotSatisfied');
    this.#rows.delete(key(row));
    this.#version += 1;
  }
}

// Below every character that a key may hold, so that partitions stay together.
const key = ({ partitionKey, rowKey }: { partitionKey: string; rowKey: string }): string =>
  `${partitionKey}\u0000${rowKey}`;

const names: Record<string, string> = {
  PartitionKey: 'partitionKey',
  RowKey: 'rowKey',
  Timestamp: 'timestamp',
};

/** As much of OData as the stores ask for: comparisons of texts and times, joined by `and`. */
function readFilter(filter: string): (row: Entity) => boolean {
  const rest = filter.replace(/\s*(\w+) (eq|ne|ge|gt|le|lt) (?:datetime)?'((?:[^']|'')*)'(?: and)?/gy, '');
  if (rest !== '') throw new Error(`The table store does not understand: ${rest}`);
  const terms = [...filter.matchAll(/(\w+) (eq|ne|ge|gt|le|lt) (?:datetime)?'((?:[^']|'')*)'/g)];
  return (row) =>
    terms.every(([, name = '', operator = '', text = '']) => {
      const [given, wanted] = [row[names[name] ?? name], text.replaceAll("''", "'")];
      const value = typeof given === 'string' ? given : '';
      const order = value < wanted ? -1 : Number(value > wanted);
      const is = {
        eq: order === 0,
        ne: order !== 0,
        ge: order >= 0,
        gt: order > 0,
        le: order <= 0,
        lt: order < 0,
      };
      return is[operator as keyof typeof is];
    });
}
