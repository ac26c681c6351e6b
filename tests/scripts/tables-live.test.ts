/** A backup that is taken while people write: what is restored from it is a whole service, if a slightly older one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import type { TableClient } from '@azure/data-tables';
import Long from 'long';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasuresQueue } from '../../contract/names.ts';
import type { Message } from '../../contract/messages.ts';
import { sweep } from '../../functions/intents/sweep.ts';
import { insertRequest } from '../../functions/invitations/store.ts';
import { join, leave } from '../../functions/membership/membership.ts';
import { changeMembers } from '../../functions/membership/store.ts';
import { insertMessages, readLog, readMessages, readNumber } from '../../functions/messages/store.ts';
import { newId } from '../../functions/platform/ids.ts';
import { roomRows } from '../../functions/platform/room-rows.ts';
import { readAll, readRow, transact, write } from '../../functions/platform/tables.ts';
import { insertRoom, openRoomRow, readRoomRow } from '../../functions/rooms/store.ts';
import { backUp } from '../../scripts/tables/backup.ts';
import { restore } from '../../scripts/tables/restore.ts';
import { emptyTable, openTables, type OpenTable } from '../../scripts/tables/storage.ts';
import { until } from '../support/until.ts';
import { startWorld, type World } from '../functions/messages/world.ts';

let world: World;
let tables: OpenTable;
let folder: string;

beforeAll(async () => {
  process.env['INTENT_SECONDS'] = '0';
  world = await startWorld();
  const connectionString = process.env['AzureWebJobsStorage']!;
  tables = await openTables({ connection: { connectionString }, name: 'tests' });
});
afterAll(() => world.stop());
beforeEach(async () => {
  for (const name of ['rooms', 'intents']) await tables(name).createTable();
  for (const name of ['rooms', 'intents']) await emptyTable(tables(name));
  folder = pathOf(mkdtempSync(pathOf(tmpdir(), 'hubbub-live-')), 'backup');
  return () => rmSync(pathOf(folder, '..'), { recursive: true });
});

async function newRoom(state: 'open' | 'closed' = 'open'): Promise<string> {
  const id = newId();
  await insertRoom(id, {
    state: 'creating',
    name: `Room ${id}`,
    description: '',
    created_by: 'somebody',
    created_at: new Date().toISOString(),
    member_count: 0,
    version: 1,
    renaming_to: '',
  });
  await openRoomRow((await readRoomRow(id))!, undefined);
  if (state === 'closed') {
    await write('rooms', {
      type: 'merge',
      etag: '*',
      row: { partitionKey: id, rowKey: roomRows.room, state },
    });
  }
  return id;
}

/** A message as the app appends it; its id sorts before or after all others, as the ids of strangers do. */
async function append(roomId: string, id = newId()): Promise<void> {
  const log = (await readLog(roomId))!;
  const message: Message = {
    type: 'message',
    message_id: id,
    seq: log.head + 1,
    room_id: roomId,
    room_name: log.name,
    content: 'x',
    sender: 'somebody',
    sender_name: 'Somebody',
    timestamp: new Date().toISOString(),
  };
  await insertMessages(roomId, log, [message]);
}

async function enter(roomId: string): Promise<void> {
  const row = { name: 'Somebody', role: 'member', joined_at: new Date().toISOString() } as const;
  await changeMembers((await readRoomRow(roomId))!, { kind: 'add', userId: newId(), row });
}

/** Somebody asks to be let in. */
async function ask(roomId: string): Promise<void> {
  const user_id = newId();
  const row = { user_id, name: 'Somebody', note: '', requested_at: new Date().toISOString() };
  const act = { action: 'join_requested', by: user_id, by_name: 'Somebody' } as const;
  await insertRequest((await readRoomRow(roomId))!, row, act);
}

/** The tables, where something happens after each page of `rooms`. */
function between(happens: () => Promise<void>): OpenTable {
  return (name) => {
    const client = tables(name);
    if (name !== 'rooms') return client;
    const listEntities = (options: Parameters<TableClient['listEntities']>[0]): object => {
      const list = client.listEntities(options);
      const byPage = async function* (...settings: Parameters<typeof list.byPage>) {
        for await (const page of list.byPage(...settings)) {
          yield page;
          await happens();
        }
      };
      return { byPage };
    };
    return new Proxy(client, {
      get: (target, key) => (key === 'listEntities' ? listEntities : (Reflect.get(target, key) as unknown)),
    });
  };
}

/** What always holds of a room: `docs/protocol.md`, [LOG]. */
async function requireWhole(roomId: string): Promise<number> {
  const { head } = (await readLog(roomId))!;
  const messages = await readMessages(roomId, 1, head + 100);
  expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
  for (const { message_id, seq } of messages) expect(await readNumber(roomId, message_id)).toBe(seq);
  const rows: Record<string, number> = {};
  for await (const { rowKey } of readAll('rooms', `PartitionKey eq '${roomId}'`)) {
    const kind = rowKey.split('_')[0]!;
    rows[kind] = (rows[kind] ?? 0) + 1;
  }
  const { member_count, requests_waiting = 0 } = (await readRoomRow(roomId))!;
  expect([member_count, requests_waiting]).toEqual([rows['member'] ?? 0, rows['request'] ?? 0]);
  return head;
}

it.each([1, 2, 3, 7])(
  'a room that is written to after every page of %i rows comes back whole',
  async (pageSize) => {
    const roomId = await newRoom();
    for (let number = 0; number < 5; number += 1) await append(roomId, `m-${number}`);
    let turns = 0;
    const happens = async (): Promise<void> => {
      turns += 1;
      if (turns > 30) return;
      await append(roomId, `${turns % 2 === 0 ? 'a' : 'z'}-${turns}`);
      await enter(roomId);
      await ask(roomId);
    };
    const lines: string[] = [];
    await backUp(between(happens), { folder, print: () => {}, pageSize });
    expect(turns).toBeGreaterThan(1);
    await restore(tables, {
      folder,
      overwrite: true,
      signOut: false,
      print: (line) => void lines.push(line),
    });
    expect(lines.join('\n')).toMatch(/Mended \d+ rooms/);
    const head = await requireWhole(roomId);
    expect(head).toBeGreaterThanOrEqual(5);
    // And it goes on from there.
    await append(roomId);
    expect(await requireWhole(roomId)).toBe(head + 1);
  },
);

it('a room that nobody writes to is not touched', async () => {
  const roomId = await newRoom();
  await append(roomId);
  await enter(roomId);
  await backUp(tables, { folder, print: () => {} });
  const before = await readRow('rooms', roomId, roomRows.room);
  const lines: string[] = [];
  await restore(tables, { folder, overwrite: true, signOut: false, print: (line) => void lines.push(line) });
  expect(lines.join('\n')).not.toContain('Mended');
  const { etag: _, timestamp: __, ...after } = (await readRow<object>('rooms', roomId, roomRows.room))!;
  expect(before).toMatchObject(after);
});

it('a room that was being erased is erased on, though the queue is no part of a backup', async () => {
  const roomId = await newRoom('closed');
  await backUp(tables, { folder, print: () => {} });
  await restore(tables, { folder, overwrite: true, signOut: false, print: () => {} });
  const steps = world.bus.createReceiver(erasuresQueue);
  await until(
    async () => {
      await sweep((line) => expect(line).toBe(''));
      const found = await steps.peekMessages(100, { fromSequenceNumber: Long.ZERO });
      return found.some(({ body }) => (body as { room_id: string }).room_id === roomId);
    },
    { what: 'a step of the erasure' },
  );
});

it('what was under way is in the backup, and is finished after it', async () => {
  const roomId = await newRoom();
  await append(roomId, 'unsaid');
  const id = newId();
  const data = JSON.stringify({ room_id: roomId, message_ids: ['unsaid'] });
  await transact('intents', [
    { type: 'insert', row: { partitionKey: id.slice(-1), rowKey: id, kind: 'publish', data } },
  ]);
  await backUp(tables, { folder, print: () => {} });
  await restore(tables, { folder, overwrite: true, signOut: false, print: () => {} });
  const intents = async (): Promise<number> => {
    let rows = 0;
    for await (const row of readAll('intents', '')) if (row.rowKey !== '') rows += 1;
    return rows;
  };
  expect(await intents()).toBe(1);
  await until(async () => {
    await sweep((line) => expect(line).toBe(''));
    return (await intents()) === 0;
  });
  await until(async () => (await world.takeArrivals(1))[0]!.properties['room_id'] === roomId, {
    what: 'the message to be announced',
  });
});

it('a restore into an app that runs says that its tables are not what was written', async () => {
  await newRoom();
  await backUp(tables, { folder, print: () => {} });
  const row = { partitionKey: 'rooms', rowKey: 'made by the app', room_id: newId() };
  const running = between(async () => void (await write('directory', { type: 'upsert', row })));
  const restored = restore(running, { folder, overwrite: true, signOut: false, print: () => {} });
  await expect(restored).rejects.toThrow('Table directory is not what was written to it');
});

describe('somebody who is a member by one table alone', () => {
  const person = () => ({ user_id: newId(), name: 'Somebody', kind: 'guest' as const });

  it('is counted once they join again, where the room knew them and their list did not', async () => {
    const roomId = await newRoom();
    const somebody = person();
    await join(somebody, roomId);
    await write('memberships', {
      type: 'delete',
      etag: '*',
      row: { partitionKey: somebody.user_id, rowKey: roomId },
    });
    await join(somebody, roomId);
    expect((await readRoomRow(roomId))!.member_count).toBe(1);
    await leave(somebody.user_id, roomId);
    expect((await readRoomRow(roomId))!.member_count).toBe(0);
    await requireWhole(roomId);
  });

  it('is counted once they have left and joined, where their list knew the room and it did not know them', async () => {
    const roomId = await newRoom();
    const somebody = person();
    await join(somebody, roomId);
    const { partitionKey, version, member_count, etag } = (await readRoomRow(roomId))!;
    const room = { partitionKey, version, member_count, etag };
    await changeMembers(room, { kind: 'remove', userId: somebody.user_id });
    await leave(somebody.user_id, roomId);
    await join(somebody, roomId);
    expect((await readRoomRow(roomId))!.member_count).toBe(1);
    await requireWhole(roomId);
  });
});
