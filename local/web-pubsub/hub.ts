/**
 * A hub: its connections, and the users and groups they make up. All of it is in memory, and a user or a group is
 * there only while it has a connection. Knows no protocol and no HTTP.
 */
import type { Connection } from './connection/connection.ts';
import type { Delivery } from './delivery.ts';

/** Which of the addressed connections get it. */
export type Accepts = (connection: Connection) => boolean;

const none: ReadonlySet<Connection> = new Set();

export class Hub {
  readonly name: string;
  readonly #connections = new Map<string, Connection>();
  readonly #users = new Map<string, Set<Connection>>();
  readonly #groups = new Map<string, Set<Connection>>();

  constructor(name: string) {
    this.name = name;
  }

  connection(id: string): Connection | undefined {
    return this.#connections.get(id);
  }

  connections(): Iterable<Connection> {
    return this.#connections.values();
  }

  user(id: string): ReadonlySet<Connection> {
    return this.#users.get(id) ?? none;
  }

  group(name: string): ReadonlySet<Connection> {
    return this.#groups.get(name) ?? none;
  }

  add(connection: Connection): void {
    this.#connections.set(connection.id, connection);
    if (connection.userId) addTo(this.#users, connection.userId, connection);
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection.id);
    if (connection.userId) removeFrom(this.#users, connection.userId, connection);
    this.leaveAll(connection);
  }

  join(connection: Connection, group: string): void {
    connection.groups.add(group);
    addTo(this.#groups, group, connection);
  }

  leave(connection: Connection, group: string): void {
    connection.groups.delete(group);
    removeFrom(this.#groups, group, connection);
  }

  leaveAll(connection: Connection): void {
    for (const group of connection.groups) this.leave(connection, group);
  }
}

/** Delivers to each of `targets` that `accepts` takes. */
export function deliverTo(targets: Iterable<Connection>, delivery: Delivery, accepts?: Accepts): void {
  for (const connection of targets) {
    if (!accepts || accepts(connection)) connection.deliver(delivery);
  }
}

function addTo(sets: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const set = sets.get(key);
  if (set) set.add(connection);
  else sets.set(key, new Set([connection]));
}

function removeFrom(sets: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const set = sets.get(key);
  if (set?.delete(connection) && set.size === 0) sets.delete(key);
}
