/** `npm run tables` against Azurite: what is written comes back with its types, and what is damaged changes nothing. */
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient, type TableEntity } from '@azure/data-tables';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tableNames } from '../../contract/names.ts';
import { tableOrder } from '../../scripts/tables/storage.ts';
import { startAzurite, type Azurite } from '../support/azurite.ts';
import { runs } from '../support/draws.ts';
import { freePort } from '../support/ports.ts';
import { runProgram, type Ended } from './program.ts';

let from: Azurite;
let to: Azurite;
let folder: string;

beforeAll(async () => {
  [from, to] = await Promise.all([startAzurite(), startAzurite()]);
});
afterAll(() => Promise.all([from.stop(), to.stop()]));
beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'hubbub-tables-')), 'backup');
  for (const azurite of [from, to]) for (const name of tableOrder) await clear(azurite, name);
  return () => rmSync(join(folder, '..'), { recursive: true });
});

const clientOf = ({ connectionString }: Azurite, name: string): TableClient =>
  TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });

async function clear(azurite: Azurite, name: string): Promise<void> {
  const client = clientOf(azurite, name);
  await client.createTable();
  const gone: Promise<unknown>[] = [];
  for await (const { partitionKey, rowKey } of client.listEntities()) {
    gone.push(client.deleteEntity(partitionKey!, rowKey!));
  }
  await Promise.all(gone);
}

async function write(azurite: Azurite, name: string, rows: TableEntity<object>[]): Promise<void> {
  const client = clientOf(azurite, name);
  for (const row of rows) await client.upsertEntity(row, 'Replace');
}

/** Every row of a table as the SDK shows it, without what the service adds. */
async function read(azurite: Azurite, name: string): Promise<object[]> {
  const rows: object[] = [];
  for await (const { etag: _etag, timestamp: _timestamp, ...row } of clientOf(azurite, name).listEntities()) {
    delete (row as Record<string, unknown>)['odata.metadata'];
    rows.push(row);
  }
  return rows;
}

/** Everything there is, by table. */
const readAll = async (azurite: Azurite): Promise<object> =>
  Object.fromEntries(
    await Promise.all(tableOrder.map(async (name) => [name, await read(azurite, name)] as const)),
  );

const tables = (azurite: Azurite, ...args: string[]): Promise<Ended> =>
  runProgram(['scripts/tables.ts', ...args, '--connection-string', azurite.connectionString]);

const rowsOf = (partitionKey: string, count: number): TableEntity<object>[] =>
  Array.from({ length: count }, (_, n) => ({
    partitionKey,
    rowKey: String(n).padStart(5, '0'),
    text: `row ${n}`,
  }));

it('knows every table that the code has', () => {
  expect(tableOrder.toSorted()).toEqual(Object.values(tableNames).toSorted());
});

describe('a round trip', () => {
  it('keeps every type that a table can hold', async () => {
    const row = {
      partitionKey: 'p',
      rowKey: 'r',
      text: 'Straße \u2028 "quoted" \u{1f600}',
      empty: '',
      int32: -5,
      int64: 9_007_199_254_740_993n,
      double: 1.5,
      whole: { value: 1, type: 'Double' },
      yes: true,
      moment: new Date('2026-11-23T10:11:12.345Z'),
      precise: { value: '2026-11-23T10:11:12.3456789Z', type: 'DateTime' },
      bytes: new Uint8Array([0, 255, 10, 13]),
      guid: { value: '0191e8a0-0000-7000-8000-000000000001', type: 'Guid' },
    };
    await write(from, 'users', [row as never]);
    expect((await tables(from, 'backup', folder)).code).toBe(0);
    const line = JSON.parse(readFileSync(join(folder, 'users.ndjson'), 'utf8')) as object;
    expect(line).toMatchObject({ 'int64@odata.type': 'Edm.Int64', 'bytes@odata.type': 'Edm.Binary' });
    expect(line).toMatchObject({ whole: 1, 'whole@odata.type': 'Edm.Double', int32: -5 });
    expect(line).not.toHaveProperty('int32@odata.type');
    expect(await tables(to, 'restore', folder)).toMatchObject({ code: 0, errors: '' });
    expect(await read(to, 'users')).toEqual(await read(from, 'users'));
    expect(await read(to, 'users')).toMatchObject([
      { int64: row.int64, moment: row.moment, bytes: Buffer.from(row.bytes) },
    ]);
  });

  it('keeps odd keys and values, whatever they are', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const key = fc
      .oneof(
        text,
        fc.constantFrom('', "it's", "''", '%2F', ' ', 'a b+c', '..', '😀', 'a_b`c', '$batch', '\u2028'),
      )
      // What the service refuses in keys.
      .map((each) => each.replace(/[/\\#?\p{Cc}]/gu, '_'));
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.boolean(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((each) => ({ value: each, type: 'Double' as const })),
      fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
      fc.uint8Array({ maxLength: 30 }),
    );
    const name = fc
      .stringMatching(/^[A-Za-z_]\w{0,8}$/)
      .filter((each) => !/^(etag|timestamp|partitionkey|rowkey|__proto__)$/i.test(each));
    const row = fc.record({
      partitionKey: key,
      rowKey: key,
      properties: fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true }),
    });
    const [drawn] = fc.sample(
      fc.uniqueArray(row, {
        minLength: 60,
        maxLength: 60,
        selector: (each) => `${each.partitionKey}/${each.rowKey}`,
      }),
      {
        ...runs(1),
        numRuns: 1,
      },
    );
    await write(
      from,
      'memberships',
      drawn!.map(({ properties, ...keys }) => ({ ...keys, ...properties })) as never,
    );
    expect(await tables(from, 'backup', folder)).toMatchObject({ code: 0, errors: '' });
    expect(await tables(to, 'restore', folder)).toMatchObject({ code: 0, errors: '' });
    expect(await read(to, 'memberships')).toEqual(await read(from, 'memberships'));
  });

  it('takes tables of many pages and partitions of many transactions, and says how far it is', async () => {
    const client = clientOf(from, 'sessions');
    for (let begin = 0; begin < 1_120; begin += 100) {
      await client.submitTransaction(
        rowsOf('one', 1_120)
          .slice(begin, begin + 100)
          .map((row) => ['upsert', row]),
      );
    }
    const { output } = await tables(from, 'backup', folder);
    expect(output).toContain('sessions: 1120 rows\n');
    expect((await tables(to, 'restore', folder)).output).toContain(
      'sessions: 1120 rows, read back and the same',
    );
    expect(await read(to, 'sessions')).toHaveLength(1_120);
  });
});

describe('restore', () => {
  it('refuses tables that are not empty, unless it is told to remove what is in them', async () => {
    await write(from, 'users', rowsOf('new', 3));
    await tables(from, 'backup', folder);
    await write(to, 'users', rowsOf('old', 2));
    await write(to, 'blocks', rowsOf("o'ld %", 2));
    const before = await readAll(to);
    const refused = await tables(to, 'restore', folder);
    expect([refused.code, refused.errors]).toEqual([
      1,
      expect.stringContaining('nothing was changed: blocks, users'),
    ]);
    expect(await readAll(to)).toEqual(before);
    expect((await tables(to, 'restore', folder, '--overwrite')).code).toBe(0);
    expect(await readAll(to)).toEqual(await readAll(from));
  });

  it('leaves out sessions, where people are to sign in again', async () => {
    await write(from, 'users', rowsOf('p', 2));
    await write(from, 'sessions', rowsOf('p', 2));
    await write(to, 'sessions', rowsOf('q', 1));
    await tables(from, 'backup', folder);
    expect((await tables(to, 'restore', folder, '--overwrite', '--sign-out')).code).toBe(0);
    expect([await read(to, 'users'), await read(to, 'sessions')]).toEqual([await read(from, 'users'), []]);
  });

  const damages: [string, () => void, string][] = [
    [
      'a byte that is another',
      () => change('users.ndjson', (text) => text.replace('row 1', 'row 7')),
      'its hash',
    ],
    [
      'a line that is gone',
      () => change('users.ndjson', (text) => text.slice(text.indexOf('\n') + 1)),
      'its hash',
    ],
    ['a file that ends early', () => truncateSync(join(folder, 'users.ndjson'), 40), 'its hash'],
    ['a file that is gone', () => rmSync(join(folder, 'users.ndjson')), 'it is missing'],
    [
      'another file in its place',
      () => copyFileSync(join(folder, 'blocks.ndjson'), join(folder, 'users.ndjson')),
      'its hash',
    ],
    [
      'a manifest that counts otherwise',
      () => change('manifest.json', (text) => text.replace('"rows": 3', '"rows": 4')),
      'it has 3 rows, not 4',
    ],
    ['a manifest that is cut', () => truncateSync(join(folder, 'manifest.json'), 100), 'no manifest'],
    ['a backup that was interrupted', () => rmSync(join(folder, 'manifest.json')), 'no complete backup'],
    [
      'a table of another version',
      () => change('manifest.json', (text) => text.replace('"users"', '"people"')),
      'does not know',
    ],
  ];
  it.each(damages)('refuses %s, and changes nothing', async (_, damage, complaint) => {
    await write(from, 'users', rowsOf('p', 3));
    await tables(from, 'backup', folder);
    await write(to, 'rooms', rowsOf('old', 2));
    const before = await readAll(to);
    damage();
    const { code, errors } = await tables(to, 'restore', folder, '--overwrite');
    expect([code, errors]).toEqual([1, expect.stringContaining(complaint)]);
    expect(await readAll(to)).toEqual(before);
  });

  it('refuses any one byte that is another', async () => {
    await write(from, 'users', rowsOf('p', 3));
    await tables(from, 'backup', folder);
    const { checkBackup } = await import('../../scripts/tables/manifest.ts');
    const file = readFileSync(join(folder, 'users.ndjson'));
    const place = fc.record({ at: fc.nat(file.length - 1), by: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(place, async ({ at, by }) => {
        const copy = `${folder}-copy`;
        cpSync(folder, copy, { recursive: true });
        const bytes = Buffer.from(file);
        bytes[at] = bytes[at]! ^ by;
        writeFileSync(join(copy, 'users.ndjson'), bytes);
        await expect(checkBackup(copy)).rejects.toThrow('nothing was changed');
      }),
      runs(20),
    );
  });
});

describe('the command', () => {
  it('finds the local stack by itself', async () => {
    await write(from, 'users', rowsOf('p', 3));
    const environment = {
      HUBBUB_DATA: join(folder, '../data'),
      HUBBUB_TABLE_PORT: new URL(from.tableEndpoint).port,
    };
    const { code, output } = await runProgram(['scripts/tables.ts', 'backup', folder], environment);
    expect([code, output]).toEqual([0, expect.stringContaining('users: 3 rows')]);
    expect(output).not.toContain('AccountKey');
  });

  it('does not write over a backup', async () => {
    await tables(from, 'backup', folder);
    const { code, errors } = await tables(from, 'backup', folder);
    expect([code, errors]).toEqual([1, expect.stringContaining('is not empty')]);
  });

  it.each([
    [[], 'npm run tables -- backup FOLDER'],
    [['backup'], 'npm run tables -- backup FOLDER'],
    [['backup', 'a', '--overwrite'], 'are for restore alone'],
    [['restore', '/nowhere'], 'no complete backup'],
  ])('says what is wrong with %j', async (args, complaint) => {
    const { code, errors } = await tables(to, ...args);
    expect([code, errors]).toEqual([1, expect.stringContaining(complaint)]);
    expect(errors).not.toContain('    at ');
  });

  it('says so where nothing answers, and leaves no manifest', async () => {
    const nowhere = from.connectionString.replace(new URL(from.tableEndpoint).port, String(await freePort()));
    const args = ['scripts/tables.ts', 'backup', folder, '--connection-string', nowhere];
    const { code, errors } = await runProgram(args);
    expect([code, errors]).toEqual([1, expect.stringContaining('is the stack running (npm start)?')]);
  });
});

function change(file: string, to: (text: string) => string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const changed = to(text);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
}
