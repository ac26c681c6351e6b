/** The three Azure SDKs as far as the functions use them, over the services of a run instead of a network. */
import type { TableTransaction, TransactionAction } from '@azure/data-tables';
import type { Line } from './line.ts';
import type { Services } from './services.ts';
import type { Entity } from './table-store.ts';

/** Whose services and which line: set anew for each run, since an instance is loaded once. */
export interface Place {
  services: Services;
  line: Line;
}

type Actions = TableTransaction['actions'];
interface Listing {
  queryOptions?: { filter?: string };
  onResponse?: (response: { headers: { get(name: string): string } }) => void;
}

/** In the place of `TableClient`. */
export function tableClient(place: () => Place) {
  return class {
    readonly #name: string;

    constructor(name: string) {
      this.#name = name;
    }

    static fromConnectionString(_connection: string, name: string) {
      return new this(name);
    }

    createTable(): Promise<void> {
      return Promise.resolve();
    }

    getEntity(partitionKey: string, rowKey: string): Promise<Entity> {
      return this.#ask(`get ${rowKey}`, (table) => table.get(partitionKey, rowKey));
    }

    createEntity(row: Entity): Promise<{ etag: string }> {
      return this.#write(['create', row]);
    }

    upsertEntity(row: Entity, mode: 'Replace'): Promise<{ etag: string }> {
      return this.#write(['upsert', row, mode]);
    }

    updateEntity(row: Entity, mode: 'Merge' | 'Replace', options: { etag: string }) {
      return this.#write(['update', row, mode, options]);
    }

    deleteEntity(partitionKey: string, rowKey: string, { etag }: { etag: string }): Promise<void> {
      return this.#ask(`delete ${rowKey}`, (table) => table.delete({ partitionKey, rowKey }, etag));
    }

    async submitTransaction(actions: Actions): Promise<{ subResponses: { etag: string }[] }> {
      const what = actions.map(([kind, { rowKey }]) => `${kind} ${rowKey}`).join(', ');
      const etags = await this.#ask(`transact ${what}`, (table) => table.transact(actions));
      return { subResponses: etags.map((etag) => ({ etag })) };
    }

    listEntities({ queryOptions, onResponse }: Listing = {}) {
      const filter = queryOptions?.filter ?? '';
      const page = async (
        size: number,
        after: string,
      ): Promise<Entity[] & { continuationToken?: string }> => {
        const rows = await this.#ask(`list ${filter}`, (table) => table.list(filter));
        onResponse?.({ headers: { get: () => place().services.now().toUTCString() } });
        const from = Number(after);
        const taken = rows.slice(from, from + size);
        const more = from + size < rows.length;
        return more ? Object.assign(taken, { continuationToken: String(from + size) }) : taken;
      };
      return {
        byPage: ({ maxPageSize = 1_000, continuationToken = '0' } = {}) => ({
          next: async () => ({ value: await page(maxPageSize, continuationToken) }),
        }),
        async *[Symbol.asyncIterator]() {
          yield* await page(Infinity, '0');
        },
      };
    }

    async #write(action: TransactionAction): Promise<{ etag: string }> {
      const [kind, { rowKey }] = action;
      return { etag: await this.#ask(`${kind} ${rowKey}`, (table) => table.write(action)) };
    }

    #ask<T>(what: string, effect: (table: ReturnType<Services['table']>) => T): Promise<T> {
      const { services, line } = place();
      return line.ask(`${this.#name}: ${what}`, () => effect(services.table(this.#name)));
    }
  };
}

interface Said {
  body: unknown;
  applicationProperties?: Record<string, string>;
}

/** In the place of `ServiceBusClient`. */
export function serviceBusClient(place: () => Place) {
  return class {
    createSender(entity: string) {
      const send = ({ body, applicationProperties = {} }: Said): Promise<void> => {
        const { services, line } = place();
        return line.ask(`send to ${entity}`, () => services.enqueue(entity, body, applicationProperties));
      };
      return { sendMessages: send, scheduleMessages: send };
    }
  };
}

/** In the place of `WebPubSubServiceClient`. */
export function webPubSubServiceClient(place: () => Place) {
  const ask = <T>(what: string, effect: (hub: Services['hub']) => T): Promise<T> => {
    const { services, line } = place();
    return line.ask(`hub: ${what}`, () => effect(services.hub));
  };
  return class {
    group(group: string) {
      return {
        sendToAll: (frame: object) => ask(`push to ${group}`, (hub) => hub.push(group, frame)),
        addConnection: (id: string) => ask(`add ${id} to ${group}`, (hub) => hub.add(id, group)),
        removeConnection: (id: string) => ask(`remove ${id} from ${group}`, (hub) => hub.remove(id, group)),
      };
    }
    addConnectionsToGroups(groups: string[], filter: string) {
      const id = /'(.*)'/.exec(filter)?.[1] ?? '';
      return ask(`add ${id} to groups`, (hub) => hub.addToMany(id, groups));
    }
    removeConnectionsFromGroups([group = '']: string[]) {
      return ask(`empty ${group}`, (hub) => hub.empty(group));
    }
    sendToUser(userId: string) {
      return ask(`tell ${userId}`, () => {});
    }
    connectionExists(id: string) {
      return ask(`look for ${id}`, (hub) => hub.connections.has(id));
    }
    closeConnection(id: string) {
      return ask(`close ${id}`, (hub) => hub.close(id));
    }
  };
}
