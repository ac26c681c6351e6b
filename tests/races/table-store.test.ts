/** The tables of the races against Azurite: the same writes, one by one and in transactions, end alike in both. */
import { RestError, TableClient, type TransactionAction } from '@azure/data-tables';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAzurite, type Azurite } from '../support/azurite.ts';
import { TableStore } from './table-store.ts';

let azurite: Azurite;
let tables = 0;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

/** A write of one of three rows; with the ETag that the row has, or had before, or any. */
interface Write {
  kind: 'create' | 'upsert' | 'replace' | 'merge' | 'delete';
  row: number;
  etag: 'now' | 'before' | 'any';
  value: number;
}
const write = fc.record<Write>({
  kind: fc.constantFrom('create', 'create', 'upsert', 'replace', 'merge', 'delete'),
  row: fc.nat(2),
  etag: fc.constantFrom('now', 'now', 'before', 'any'),
  value: fc.nat(9),
});
const steps = fc.array(fc.oneof(write, fc.uniqueArray(write, { minLength: 1, selector: ({ row }) => row })), {
  maxLength: 12,
});

/** The ETags of rows as one of the two gave them, newest last. */
type Known = string[][];

function toAction({ kind, row, etag, value }: Write, known: Known): TransactionAction {
  const etags = known[row] ?? [];
  const condition = etag === 'any' ? '*' : (etags.at(etag === 'now' ? -1 : -2) ?? 'W/"none"');
  const entity = { partitionKey: 'p', rowKey: `r${row}` };
  const values = { ...entity, [kind]: value };
  if (kind === 'create') return ['create', values];
  if (kind === 'upsert') return ['upsert', values, 'Replace'];
  if (kind === 'delete') return ['delete', entity];
  return ['update', values, kind === 'merge' ? 'Merge' : 'Replace', { etag: condition }];
}

/** 'ok', or the status and which action it was about. */
async function outcomeOf(
  work: () => Promise<string[]> | string[],
  rows: number[],
  known: Known,
): Promise<string> {
  try {
    for (const [index, etag] of (await work()).entries()) {
      if (etag !== '') (known[rows[index]!] ??= []).push(etag);
    }
    return 'ok';
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    const position = /^(\d+):/.exec(error.message)?.[1] ?? '';
    return `${error.statusCode} ${position}`;
  }
}

const contents = (rows: { rowKey: string; [field: string]: unknown }[]): object[] =>
  rows.map(({ rowKey, create, upsert, replace, merge }) => ({ rowKey, create, upsert, replace, merge }));

describe('the table store', () => {
  it('ends every write as Azurite does', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
        const name = `table${(tables += 1)}`;
        const real = TableClient.fromConnectionString(azurite.connectionString, name, options);
        await real.createTable();
        const model = new TableStore(() => new Date());
        const [byReal, byModel]: [Known, Known] = [[], []];
        for (const step of drawn) {
          const writes = Array.isArray(step) ? step : [step];
          const rows = writes.map(({ row }) => row);
          const outcomes = Array.isArray(step)
            ? [
                await outcomeOf(() => transact(real, writes, byReal), rows, byReal),
                await outcomeOf(
                  () => model.transact(writes.map((one) => toAction(one, byModel))),
                  rows,
                  byModel,
                ),
              ]
            : [
                await outcomeOf(async () => [await single(real, toAction(step, byReal))], rows, byReal),
                await outcomeOf(() => [model.write(toAction(step, byModel))], rows, byModel),
              ];
          expect(outcomes[1], JSON.stringify(step)).toBe(outcomes[0]);
        }
        const stored: { rowKey: string }[] = [];
        for await (const row of real.listEntities()) stored.push({ ...row, rowKey: row.rowKey ?? '' });
        expect(contents(model.list(''))).toEqual(contents(stored));
        await real.deleteTable();
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a transaction over two partitions, and one of more than a hundred actions', () => {
    const model = new TableStore(() => new Date());
    const create = (partitionKey: string, row: number): TransactionAction => [
      'create',
      { partitionKey, rowKey: `r${row}` },
    ];
    expect(() => model.transact([create('p', 0), create('q', 1)])).toThrow(RestError);
    expect(() => model.transact(Array.from({ length: 101 }, (_, row) => create('p', row)))).toThrow(
      RestError,
    );
    expect(model.list('')).toEqual([]);
    model.transact(Array.from({ length: 100 }, (_, row) => create('p', row)));
    expect(model.list("PartitionKey eq 'p' and RowKey ge 'r98'").map(({ rowKey }) => rowKey)).toEqual([
      'r98',
      'r99',
    ]);
    expect(model.list("PartitionKey eq 'p' and RowKey lt 'r2' and RowKey ne 'r10'")).toHaveLength(11);
  });
});

async function transact(client: TableClient, writes: Write[], known: Known): Promise<string[]> {
  const answer = await client.submitTransaction(writes.map((one) => toAction(one, known)));
  return answer.subResponses.map(({ etag }) => etag ?? '');
}

async function single(client: TableClient, action: TransactionAction): Promise<string> {
  const [kind, entity] = action;
  switch (kind) {
    case 'create':
      return (await client.createEntity(entity)).etag ?? '';
    case 'upsert':
      return (await client.upsertEntity(entity, action[2])).etag ?? '';
    case 'update':
      return (await client.updateEntity(entity, action[2], action[3] ?? {})).etag ?? '';
    case 'delete':
      await client.deleteEntity(entity.partitionKey, entity.rowKey);
      return '';
  }
}
