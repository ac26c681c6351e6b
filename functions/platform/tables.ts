/**
 * Table Storage, the only place that knows its SDK. Rows are plain objects; a write that meets another one is a
 * `WriteConflict`, which rules handle; every other failure passes through.
 */
import {
  odata,
  RestError,
  TableClient,
  TableTransaction,
  type TableEntityResult,
  type TransactionAction,
} from '@azure/data-tables';
import { tableNames } from '../../contract/names.ts';
import { ownIdentity, patientOverHttp } from './managed-identity.ts';
import { connection } from './settings.ts';

export { odata };
export type TableName = keyof typeof tableNames;
export type Row<T> = T & { partitionKey: string; rowKey: string; etag: string; timestamp?: string };

/** `exists`: an insert met a row. `changed`: the ETag is not the row's. `missing`: there is no row. */
export class WriteConflict extends Error {
  readonly kind: 'exists' | 'changed' | 'missing';
  /** Which action of a transaction failed, where the service says. */
  readonly index: number | undefined;

  constructor(kind: WriteConflict['kind'], index: number | undefined, cause: unknown) {
    super(`Row ${kind}`, { cause });
    this.kind = kind;
    this.index = index;
  }
}

function newClient(name: string): TableClient {
  const storage = connection('storage');
  const retryOptions = { maxRetries: 4, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };
  if ('address' in storage) {
    return new TableClient(storage.address, name, ownIdentity(), { retryOptions, ...patientOverHttp });
  }
  const insecure = /UseDevelopmentStorage=true|TableEndpoint=http:/i.test(storage.connectionString);
  return TableClient.fromConnectionString(storage.connectionString, name, {
    retryOptions,
    allowInsecureConnection: insecure,
  });
}

const clients = new Map<TableName, Promise<TableClient>>();

/** The client of a table that surely exists: made at first use. */
export function table(name: TableName): Promise<TableClient> {
  let client = clients.get(name);
  if (!client) {
    client = open(tableNames[name]);
    clients.set(name, client);
    // A failed first call must not fail all later ones.
    client.catch(() => clients.delete(name));
  }
  return client;
}

async function open(name: string): Promise<TableClient> {
  const client = newClient(name);
  await client.createTable();
  return client;
}

/** A row, or undefined where there is none. */
export async function readRow<T extends object>(
  name: TableName,
  partitionKey: string,
  rowKey: string,
): Promise<Row<T> | undefined> {
  try {
    return (await (await table(name)).getEntity<T>(partitionKey, rowKey)) as unknown as Row<T>;
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

export interface Page<T> {
  rows: Row<T>[];
  /** Where the next page begins; absent on the last one. */
  continuation?: string;
}

/** One page of at most `limit` (1 to 1,000) rows that match an OData filter, in key order. */
export async function readPage<T extends object>(
  name: TableName,
  filter: string,
  options: { limit: number; continuation?: string | undefined; select?: string[] },
): Promise<Page<T>> {
  const { limit, continuation, select } = options;
  const pages = (await table(name))
    .listEntities<T>({ queryOptions: { filter, ...(select && { select }) } })
    .byPage({ maxPageSize: limit, ...(continuation && { continuationToken: continuation }) });
  let { value } = await pages.next();
  // The storage may answer nothing and a continuation, where it had to look long.
  while (value && value.length === 0 && value.continuationToken) ({ value } = await pages.next());
  if (!value) return { rows: [] };
  const rows = [...(value as TableEntityResult<T>[])] as unknown as Row<T>[];
  return value.continuationToken ? { rows, continuation: value.continuationToken } : { rows };
}

/** Every row that matches, page after page, for work that nobody waits for. */
export async function* readAll<T extends object>(name: TableName, filter: string): AsyncGenerator<Row<T>> {
  for await (const row of (await table(name)).listEntities<T>({ queryOptions: { filter } })) {
    yield row as unknown as Row<T>;
  }
}

/** The keys of a row and its values. */
export type NewRow = { partitionKey: string; rowKey: string } & Record<string, unknown>;

/**
 * What a transaction does: at most 100 actions, all of one partition, each row once, under 4 MiB together.
 * Version 13.3 of the SDK deletes unconditionally inside a transaction: guard it by another row's ETag.
 */
export type Action =
  | { type: 'insert'; row: NewRow }
  | { type: 'replace'; row: NewRow; etag: string }
  | { type: 'merge'; row: NewRow; etag: string }
  | { type: 'upsert'; row: NewRow }
  | { type: 'delete'; row: NewRow; etag: string };

function toSdk(action: Action): TransactionAction {
  switch (action.type) {
    case 'insert':
      return ['create', action.row];
    case 'upsert':
      return ['upsert', action.row, 'Replace'];
    case 'replace':
      return ['update', action.row, 'Replace', { etag: action.etag }];
    case 'merge':
      return ['update', action.row, 'Merge', { etag: action.etag }];
    case 'delete':
      return ['delete', action.row];
  }
}

/**
 * Runs all actions or none. Answers the new ETags in the order of the actions ('' for a deletion).
 * Throws `WriteConflict`; after any other error the outcome is unknown and must be read back.
 */
export async function transact(name: TableName, actions: Action[]): Promise<string[]> {
  try {
    const answer = await (
      await table(name)
    ).submitTransaction(new TableTransaction(actions.map(toSdk)).actions);
    return answer.subResponses.map((response) => response.etag ?? '');
  } catch (error) {
    throw toConflict(error) ?? error;
  }
}

/** One write outside a transaction; throws as `transact` does. Answers the new ETag ('' for a deletion). */
export async function write(name: TableName, action: Action): Promise<string> {
  const client = await table(name);
  try {
    switch (action.type) {
      case 'insert':
        return (await client.createEntity(action.row)).etag ?? '';
      case 'upsert':
        return (await client.upsertEntity(action.row, 'Replace')).etag ?? '';
      case 'replace':
        return (await client.updateEntity(action.row, 'Replace', { etag: action.etag })).etag ?? '';
      case 'merge':
        return (await client.updateEntity(action.row, 'Merge', { etag: action.etag })).etag ?? '';
      case 'delete':
        await client.deleteEntity(action.row.partitionKey, action.row.rowKey, { etag: action.etag });
        return '';
    }
  } catch (error) {
    throw toConflict(error) ?? error;
  }
}

function toConflict(error: unknown): WriteConflict | undefined {
  if (!(error instanceof RestError)) return undefined;
  // A failed transaction names the action first: "2:The specified entity already exists."
  const position = /^(\d+):/.exec(error.message)?.[1];
  const index = position === undefined ? undefined : Number(position);
  if (error.statusCode === 409) return new WriteConflict('exists', index, error);
  if (error.statusCode === 412) return new WriteConflict('changed', index, error);
  if (error.statusCode === 404) return new WriteConflict('missing', index, error);
  return undefined;
}

/** The storage's own clock, which alone tells how old a row's `timestamp` is. */
export async function storageNow(): Promise<Date> {
  let date: string | undefined;
  const client = await table('intents');
  const onResponse = (response: { headers: { get(name: string): string | undefined } }): void => {
    date = response.headers.get('date');
  };
  await client
    .listEntities({ queryOptions: { filter: odata`PartitionKey eq ${'clock'}` }, onResponse })
    .byPage({ maxPageSize: 1 })
    .next();
  return date === undefined ? new Date(0) : new Date(date);
}

/** Throws where tables do not answer. */
export async function checkTables(): Promise<void> {
  await readRow('rooms', 'health', 'health');
}
