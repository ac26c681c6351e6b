/**
 * A hub: its connections, and the users and groups they make up. All of it is in memory, and a user or a group is
 * there only while it has a connection. Knows no protocol and no HTTP.
 */
import type { Faults } from '../fault-injection/faults.ts';
import type { RecentActivity } from './activity.ts';
import type { Connection } from './connection/connection.ts';
import type { Delivery } from './delivery.ts';
import { FaultLine } from './fault-line.ts';

/** Which of the addressed connections get it. */
export type Accepts = (connection: Connection) => boolean;

const none: ReadonlySet<Connection> = new Set();

export class Hub {
  readonly name: string;
  readonly #connections = new Map<string, Connection>();
  readonly #users = new Map<string, Set<Connection>>();
  readonly #groups = new Map<string, Set<Connection>>();

  readonly faults: Faults;
  readonly #activity: RecentActivity;
  readonly #line: FaultLine;

  constructor(name: string, { faults, activity }: { faults: Faults; activity: RecentActivity }) {
    this.name = name;
    this.faults = faults;
    this.#activity = activity;
    this.#line = new FaultLine(faults);
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

  groups(): Iterable<[name: string, members: ReadonlySet<Connection>]> {
    return this.#groups;
  }

  /** Delivers to the members that `accepts` takes: those of this moment, unless a fault on request holds it up. */
  publish(group: string, delivery: Delivery, accepts?: Accepts): void {
    const name = (): string => `deliver ${this.name}/${group}`;
    this.#line.pass(name, ({ kind }) => {
      if (kind === 'disconnect') cut(this.group(group));
      if (kind === 'pass' || kind === 'disconnect') deliverTo(this.group(group), delivery, accepts);
      if (this.faults.any) return this.#suffer(name(), group);
    });
  }

  /** What becomes of a group's members after a delivery. */
  async #suffer(operation: string, group: string): Promise<void> {
    const { kind } = await this.faults.meet(operation, 'after');
    if (kind === 'disconnect') cut(this.group(group));
  }

  add(connection: Connection): void {
    this.#connections.set(connection.id, connection);
    if (connection.userId) addTo(this.#users, connection.userId, connection);
    this.#record('connect', connection, connection.id);
  }

  remove(connection: Connection, reason: string): void {
    this.#record('disconnect', connection, reason);
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

  #record(operation: string, { userId, id }: Connection, detail: string): void {
    this.#activity.add({ operation, target: `${this.name}/${userId ?? id}`, detail });
  }
}

/** Delivers to each of `targets` that `accepts` takes. */
export function deliverTo(targets: Iterable<Connection>, delivery: Delivery, accepts?: Accepts): void {
  for (const connection of targets) {
    if (!accepts || accepts(connection)) connection.deliver(delivery);
  }
}

function cut(connections: Iterable<Connection>): void {
  for (const connection of connections) connection.cut();
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
