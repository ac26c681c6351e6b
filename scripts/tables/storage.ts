/** The tables of an account, row by row, with their types as they are. */
import { RestError, TableClient } from '@azure/data-tables';
import { DefaultAzureCredential } from '@azure/identity';
import { tableNames } from '../../contract/names.ts';
import type { Target } from '../command/target.ts';
import { Pool } from './pool.ts';
import { readRows, toEntity, type StoredRow } from './row.ts';

/**
 * In the order of a backup: what points is read before what it points to, so that nothing that is restored points at
 * what came later. What is under way comes last: whatever a change had done by then is carried on from there.
 */
export const tableOrder = [
  tableNames.connections,
  tableNames.sessions,
  tableNames.keys,
  tableNames.limits,
  tableNames.blocks,
  tableNames.invitations,
  tableNames.emails,
  tableNames.guests,
  tableNames.directory,
  tableNames.memberships,
  tableNames.rooms,
  tableNames.users,
  tableNames.counters,
  tableNames.intents,
] as const;

export type OpenTable = (name: string) => TableClient;

/** Waits out a throttled account: a long work must not end at its 20,000 requests a second. */
const patient = { maxRetries: 8, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 };

/** The tables of an account that answers. Throws at once where it does not. */
export async function openTables(target: Target): Promise<OpenTable> {
  await isEmpty(tablesOf(target, { maxRetries: 1, retryDelayInMs: 100 })(tableNames.rooms));
  return tablesOf(target, patient);
}

function tablesOf({ connection }: Target, retryOptions: Partial<typeof patient>): OpenTable {
  if ('address' in connection) {
    const credential = new DefaultAzureCredential();
    return (name) => new TableClient(connection.address, name, credential, { retryOptions });
  }
  const { connectionString } = connection;
  const allowInsecureConnection = /UseDevelopmentStorage=true|TableEndpoint=http:|=http;/i.test(
    connectionString,
  );
  return (name) =>
    TableClient.fromConnectionString(connectionString, name, { retryOptions, allowInsecureConnection });
}

/** The rows of a table, a page (at most 1,000) at a time; none where there is no such table. */
export async function* readPages(client: TableClient, pageSize = 1_000): AsyncGenerator<StoredRow[]> {
  let text = '';
  const onResponse = ({ bodyAsText }: { bodyAsText?: string | null }): void => {
    text = bodyAsText ?? '';
  };
  const pages = client.listEntities({ onResponse }).byPage({ maxPageSize: pageSize });
  try {
    for await (const page of pages) if (page.length > 0) yield readRows(text);
  } catch (error) {
    if (!(error instanceof RestError && error.statusCode === 404)) throw error;
  }
}

export async function isEmpty(client: TableClient): Promise<boolean> {
  for await (const page of readPages(client, 1)) if (page.length > 0) return false;
  return true;
}

/** Writes rows of one partition: at most 100, under 4 MiB together. Writing them twice does no harm. */
export async function writeRows(client: TableClient, rows: StoredRow[]): Promise<void> {
  const entities = rows.map(toEntity);
  // Azurite 3.37 takes these for ends of lines inside a transaction, and answers 500.
  const awkward = /[\u2028\u2029]/.test(rows.map((row) => JSON.stringify(row)).join(''));
  if (entities.length > 1 && !awkward) {
    try {
      // Inserts, whose keys stand in their bodies: those of other actions stand in addresses, where odd ones break.
      await client.submitTransaction(entities.map((entity) => ['create', entity]));
      return;
    } catch (error) {
      // Where an answer was lost the SDK sends it again, and meets its own rows.
      if (!(error instanceof RestError) || (error.statusCode ?? 500) >= 500) throw error;
    }
  }
  for (const entity of entities) await client.upsertEntity(entity, 'Replace');
}

/** Removes every row of a table. The table itself stays: a removed one cannot be made again for a while. */
export async function emptyTable(client: TableClient): Promise<void> {
  const pool = new Pool();
  for await (const page of readPages(client)) {
    for (const { PartitionKey, RowKey } of page)
      await pool.run(() => removeRow(client, PartitionKey, RowKey));
  }
  await pool.end();
}

async function removeRow(client: TableClient, partitionKey: string, rowKey: string): Promise<void> {
  try {
    await client.deleteEntity(partitionKey, rowKey);
  } catch (error) {
    if (!(error instanceof RestError && error.statusCode === 404)) throw error;
  }
}
