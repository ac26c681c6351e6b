/**
 * Fills the tables of a stack with more people, rooms and messages than anybody would make through the API in an
 * afternoon. Writes the rows that the API would, straight into Table Storage.
 */
import { randomUUID } from 'node:crypto';
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { SignJWT } from 'jose';
import { tableNames } from '../../contract/names.ts';
import { roomRows } from '../../functions/platform/room-rows.ts';
import { inBurst } from '../load/pace.ts';

export interface Person {
  id: string;
  name: string;
}

type SeedRow = { partitionKey: string; rowKey: string } & Record<string, unknown>;

const now = '2026-01-01T00:00:00.000Z';
/** What a transaction takes. */
const mostOfBatch = 100;
const atATime = 8;

export class Seed {
  readonly #connectionString: string;
  readonly #tables = new Map<string, TableClient>();

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
  }

  /** Rooms as they are after they were created; in the list of rooms only where `listed`. */
  async rooms(count: number, { listed = false, prefix = 'Bench' } = {}): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    const name = (index: number): string => `${prefix} ${String(index).padStart(6, '0')}`;
    const shown = (index: number) => ({
      name: name(index),
      description: '',
      created_by: 'system',
      created_at: now,
      member_count: 0,
      version: 1,
    });
    if (listed) {
      const rows = ids.map((room_id, index) => ({
        partitionKey: 'rooms',
        rowKey: name(index).toLowerCase(),
        room_id,
        ...shown(index),
      }));
      await this.#insert(tableNames.directory, rows);
      return ids;
    }
    await inBurst(count, atATime, async (index) => {
      const partitionKey = ids[index]!;
      await this.#insert(tableNames.rooms, [
        { partitionKey, rowKey: roomRows.room, state: 'open', renaming_to: '', ...shown(index) },
        { partitionKey, rowKey: roomRows.log, head: 0, name: name(index), closed: false },
      ]);
    });
    return ids;
  }

  /** People who are members of a room. `counted` alone: rows in the room, without the right to read it. */
  async members(roomId: string, count: number, { counted = false } = {}): Promise<Person[]> {
    const people = Array.from({ length: count }, (_, index) => ({
      id: randomUUID(),
      name: `Person ${index}`,
    }));
    const common = { role: 'member', joined_at: now };
    await this.#insert(
      tableNames.rooms,
      people.map(({ id, name }) => ({ partitionKey: roomId, rowKey: roomRows.member(id), name, ...common })),
    );
    const memberships = await this.#table(tableNames.memberships);
    if (!counted) {
      await inBurst(count, atATime, async (index) => {
        const row = {
          partitionKey: people[index]!.id,
          rowKey: roomId,
          state: 'member',
          last_read: 0,
          used_at: now,
        };
        await memberships.createEntity({ ...row, ...common });
      });
    }
    const room = { partitionKey: roomId, rowKey: roomRows.room, member_count: count };
    await (await this.#table(tableNames.rooms)).updateEntity(room, 'Merge');
    return people;
  }

  /** The messages 1 to `count` of a room that has none. */
  async messages(roomId: string, count: number): Promise<void> {
    const common = {
      room_name: 'Bench',
      content: '.'.repeat(200),
      sender: 'system',
      sender_name: 'Bench',
      sent_at: now,
    };
    const rows = Array.from({ length: count }, (_, index) => {
      const message_id = randomUUID();
      const seq = index + 1;
      return [
        { partitionKey: roomId, rowKey: roomRows.message(seq), seq, message_id, ...common },
        { partitionKey: roomId, rowKey: roomRows.messageId(message_id), seq },
      ];
    });
    await this.#insert(tableNames.rooms, rows.flat());
    const log = { partitionKey: roomId, rowKey: roomRows.log, head: count };
    await (await this.#table(tableNames.rooms)).updateEntity(log, 'Merge');
  }

  async #insert(table: string, rows: SeedRow[]): Promise<void> {
    const client = await this.#table(table);
    const batches = Math.ceil(rows.length / mostOfBatch);
    await inBurst(batches, atATime, async (index) => {
      const batch = rows.slice(index * mostOfBatch, (index + 1) * mostOfBatch);
      await client.submitTransaction(batch.map((row): TransactionAction => ['create', row]));
    });
  }

  async #table(name: string): Promise<TableClient> {
    let client = this.#tables.get(name);
    if (!client) {
      client = TableClient.fromConnectionString(this.#connectionString, name, {
        allowInsecureConnection: true,
      });
      this.#tables.set(name, client);
      await client.createTable();
    }
    return client;
  }
}

/** A session as the API signs it; `key` is the stack's SESSION_SIGNING_KEY. */
export const tokenOf = ({ id, name }: Person, key: string): Promise<string> =>
  new SignJWT({ name, kind: 'guest' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('hubbub')
    .setAudience('hubbub')
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime('1d')
    .sign(new TextEncoder().encode(key));
