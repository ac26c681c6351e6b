/** Who and what a run is about, and what was promised in it. */
import type { Principal } from '../../functions/identity/principal.ts';
import { roomRows, type RoomRowKind } from '../../functions/platform/room-rows.ts';
import type { Services } from './services.ts';
import type { Entity } from './table-store.ts';

export class Stage {
  readonly services: Services;
  /** Of each publish that was acknowledged its room and number, by message id. */
  readonly acknowledged = new Map<string, { roomId: string; seq: number }>();
  /** Of each room that was closed its head at that moment. */
  readonly closed = new Map<string, unknown>();
  /** Invitations by their numbers, once somebody was told of them; `uses` is how many they may let in. */
  readonly invitations = new Map<number, { id: string; token: string | undefined; uses: number }>();
  /** How many may be in a room at most. */
  readonly most = new Map<string, number>();
  /** How far it was judged: most requests change nothing. */
  judged = -1;
  readonly #ids = new Map<string, string>();

  constructor(services: Services) {
    this.services = services;
  }

  /** The id that stands for something in this run: instances remember ids, so no other run may have it. */
  id(of: string): string {
    const id = this.#ids.get(of) ?? this.services.newId();
    this.#ids.set(of, id);
    return id;
  }

  person(number: number): Principal {
    return { user_id: this.id(`person ${number}`), name: `Person ${number}`, kind: 'guest' };
  }

  rows(table: string): Entity[] {
    return this.services.table(table).list('');
  }

  /** Every room with its rows, by kind. */
  rooms(): RoomRows[] {
    const byRoom = Map.groupBy(this.rows('rooms'), ({ partitionKey }) => partitionKey);
    return [...byRoom].map(([roomId, rows]) => {
      const of = (kind: RoomRowKind): Entity[] =>
        rows.filter(({ rowKey }) => rowKey.startsWith(roomRows.range(kind).from));
      const one = (rowKey: string): Entity | undefined => rows.find((row) => row.rowKey === rowKey);
      return {
        roomId,
        room: one(roomRows.room),
        log: one(roomRows.log),
        members: of('member'),
        messages: of('message'),
        ids: of('id'),
        of,
      };
    });
  }
}

export interface RoomRows {
  roomId: string;
  room: Entity | undefined;
  log: Entity | undefined;
  members: Entity[];
  messages: Entity[];
  ids: Entity[];
  /** All rows of another kind. */
  of: (kind: RoomRowKind) => Entity[];
}
