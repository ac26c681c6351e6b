/** What an exchange with Table Storage costs: rows touched, and in which partitions. */
import type { Exchange } from './http-proxy.ts';

export interface TableUse {
  /** A transaction of several rows is one. */
  requests: number;
  entities: number;
  /** Transactions that add messages to a room's log. */
  appends: number;
  /** Table and key of each partition that was touched. */
  partitions: Set<string>;
}

export const noTableUse = (): TableUse => ({ requests: 0, entities: 0, appends: 0, partitions: new Set() });

const innerRequest = /^(?:POST|PUT|MERGE|PATCH|DELETE) http/gm;

export function addTableUse(use: TableUse, exchange: Exchange): void {
  const url = decodeURIComponent(exchange.url);
  const sent = exchange.sent.toString();
  use.requests += 1;
  if (url.includes('$batch')) {
    use.entities += sent.match(innerRequest)?.length ?? 0;
    if (sent.includes('"message_id"')) use.appends += 1;
    const of = /\/(\w+)\(PartitionKey='([^']*)'/.exec(
      decodeURIComponent(sent.replace(/%(?![\da-f]{2})/gi, '%25')),
    );
    use.partitions.add(of ? `${of[1]} ${of[2]}` : `batch ${/"PartitionKey":"([^"]*)"/.exec(sent)?.[1]}`);
    return;
  }
  const table = /devstoreaccount1\/(\w+)/.exec(url)?.[1] ?? '?';
  const key = /PartitionKey='([^']*)'/.exec(url)?.[1] ?? /PartitionKey eq '([^']*)'/.exec(url)?.[1];
  const inBody = /"PartitionKey":"([^"]*)"/.exec(sent)?.[1];
  use.partitions.add(`${table} ${key ?? inBody ?? 'all'}`);
  use.entities += rowsOf(exchange);
}

function rowsOf({ method, status, received }: Exchange): number {
  if (method !== 'GET') return 1;
  if (status !== 200) return 0;
  const answer = JSON.parse(received.toString()) as { value?: unknown[] };
  return answer.value?.length ?? 1;
}
