/** What outlives every instance, for one run: tables, what is on the bus, who is connected, and the time. */
import { RestError } from '@azure/data-tables';
import { TableStore } from './table-store.ts';

export interface Frame {
  type: string;
  [field: string]: unknown;
}

/** Web PubSub: open connections, their groups, and what each group was told. */
export class Hub {
  readonly connections = new Map<string, { userId: string; groups: Set<string> }>();
  readonly told: { group: string; frame: Frame }[] = [];

  open(id: string, userId: string, groups: string[]): void {
    this.connections.set(id, { userId, groups: new Set(groups) });
  }

  push(group: string, frame: object): void {
    this.told.push({ group, frame: frame as Frame });
  }

  add(id: string, group: string): void {
    const connection = this.connections.get(id);
    if (!connection) throw new RestError('There is no such connection', { statusCode: 404 });
    connection.groups.add(group);
  }

  addToMany(id: string, groups: string[]): void {
    for (const group of groups) this.connections.get(id)?.groups.add(group);
  }

  remove(id: string, group: string): void {
    this.connections.get(id)?.groups.delete(group);
  }

  empty(group: string): void {
    for (const { groups } of this.connections.values()) groups.delete(group);
  }

  close(id: string): void {
    this.connections.delete(id);
  }
}

export interface Queued {
  body: Buffer;
  properties: Record<string, string>;
}

export class Services {
  readonly hub = new Hub();
  readonly #tables = new Map<string, TableStore>();
  readonly #queues = new Map<string, Queued[]>();
  #time: number;
  #ids = 0;

  /** `number` sets runs a day apart: what an instance keeps in memory for seconds is stale in the next one. */
  constructor(number: number) {
    this.#time = Date.UTC(2030, 0, 1) + number * 86_400_000;
  }

  now(): Date {
    return new Date(this.#time);
  }

  pass(milliseconds: number): void {
    this.#time += milliseconds;
  }

  /** Ids as `newId` makes them, the same in every run of the same schedule. */
  newId(): string {
    const count = (this.#ids += 1);
    const hex = this.#time.toString(16).padStart(12, '0');
    const spread = (count * 7).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${spread}`;
  }

  table(name: string): TableStore {
    const table = this.#tables.get(name) ?? new TableStore(() => this.now());
    this.#tables.set(name, table);
    return table;
  }

  enqueue(entity: string, body: unknown, properties: Record<string, string>): void {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    this.queue(entity).push({ body: bytes, properties });
  }

  queue(entity: string): Queued[] {
    const queue = this.#queues.get(entity) ?? [];
    this.#queues.set(entity, queue);
    return queue;
  }

  /** These are done with. */
  complete(entity: string, done: Queued[]): void {
    this.#queues.set(
      entity,
      this.queue(entity).filter((one) => !done.includes(one)),
    );
  }
}
