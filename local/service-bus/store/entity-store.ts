/**
 * What the disk holds of the namespace's entities: their messages, their sequence numbers and the ids they have seen.
 * Every method takes effect at once for the next read; `onDisk()` tells when it is safe.
 * Knows nothing of locks, of consumers or of rules.
 */
import type { MessageState, StoredMessage } from '../broker/message.ts';
import type { Database } from './database.ts';
import { readMessage, writeMessage, type MessageRow } from './message-row.ts';

export class Store {
  readonly #database: Database;
  // One for each path, because it counts the sequence numbers.
  readonly #entities = new Map<string, EntityStore>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The part of the store that belongs to the entity of this path, made when it is new. */
  entity(path: string): EntityStore {
    const key = path.toLowerCase();
    const known = this.#entities.get(key);
    if (known) return known;
    const entity = this.#open(path);
    this.#entities.set(key, entity);
    return entity;
  }

  #open(path: string): EntityStore {
    const found = this.#database.prepare('SELECT id, last_sequence FROM entity WHERE path = :path');
    const row = () => found.get({ path }) as { id: number; last_sequence: number } | undefined;
    if (row() === undefined) {
      this.#database.write(this.#database.prepare('INSERT INTO entity (path) VALUES (:path)'), { path });
    }
    const { id, last_sequence } = row()!;
    return new EntityStore(this.#database, id, last_sequence);
  }
}

/** A message as a queue keeps it in mind. */
type PresentMessage = Pick<
  StoredMessage,
  'sequence' | 'attempts' | 'expiresAt' | 'session' | 'state' | 'enqueuedAt'
>;

export class EntityStore {
  readonly #database: Database;
  readonly #id: number;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #lastSequence: number;

  constructor(database: Database, id: number, lastSequence: number) {
    this.#database = database;
    this.#id = id;
    this.#lastSequence = lastSequence;
    this.#statements = prepareStatements(database);
  }

  /** The next sequence number; never one that was given out before, also after a restart. */
  nextSequence(): number {
    this.#lastSequence += 1;
    this.#database.write(this.#statements.sequence, { entity: this.#id, sequence: this.#lastSequence });
    return this.#lastSequence;
  }

  insert(message: StoredMessage): void {
    this.#database.write(this.#statements.insert, { entity: this.#id, ...writeMessage(message) });
  }

  remove(sequence: number): void {
    this.#database.write(this.#statements.remove, { entity: this.#id, sequence });
  }

  setAttempts(sequence: number, attempts: number): void {
    this.#database.write(this.#statements.attempts, { entity: this.#id, sequence, attempts });
  }

  setState(sequence: number, state: MessageState): void {
    this.#database.write(this.#statements.state, { entity: this.#id, sequence, state });
  }

  setContent(sequence: number, content: Uint8Array): void {
    this.#database.write(this.#statements.content, { entity: this.#id, sequence, content });
  }

  read(sequence: number): StoredMessage | undefined {
    const row = this.#statements.read.get({ entity: this.#id, sequence }) as MessageRow | undefined;
    return row && readMessage(row);
  }

  /** At most `count` messages with numbers from `sequence` on, in their order; of one session, where one is named. */
  page(sequence: number, count: number, session?: string): StoredMessage[] {
    if (session === undefined) return this.#all(this.#statements.page, { sequence, count });
    return this.#all(this.#statements.sessionPage, { sequence, count, session });
  }

  /** Every message that is active or deferred, in order, without its content: what a queue needs to start with. */
  present(): PresentMessage[] {
    const rows = this.#statements.present.all({ entity: this.#id }) as unknown as MessageRow[];
    return rows.map(({ sequence, attempts, expires_at, session, state, enqueued_at }) => ({
      sequence,
      enqueuedAt: enqueued_at,
      attempts,
      expiresAt: expires_at ?? undefined,
      session: session ?? undefined,
      state: state as MessageState,
    }));
  }

  /** The state that was kept for a session. */
  sessionState(session: string): Uint8Array | undefined {
    const row = this.#statements.sessionState.get({ entity: this.#id, session }) as
      | { state: Uint8Array }
      | undefined;
    return row?.state;
  }

  /** Keeps a state for a session, or none any more. */
  setSessionState(session: string, state: Uint8Array | undefined, now: number): void {
    const key = { entity: this.#id, session };
    if (state === undefined) this.#database.write(this.#statements.clearSessionState, key);
    else this.#database.write(this.#statements.setSessionState, { ...key, state, updated: now });
  }

  /** The sessions whose state was set after `time`, by their names. */
  sessionsUpdatedAfter(time: number): string[] {
    const rows = this.#statements.sessionsUpdated.all({ entity: this.#id, time }) as { session: string }[];
    return rows.map((row) => row.session);
  }

  /** The sessions that have messages, by their names. */
  sessionsWithMessages(): string[] {
    const rows = this.#statements.sessions.all({ entity: this.#id }) as { session: string }[];
    return rows.map((row) => row.session);
  }

  /** The scheduled messages that are due at `time`. */
  scheduledUntil(time: number): StoredMessage[] {
    return this.#all(this.#statements.scheduledUntil, { time });
  }

  /** When the next scheduled message is due. */
  nextScheduled(): number | undefined {
    const row = this.#statements.nextScheduled.get({ entity: this.#id }) as { due: number | null };
    return row.due ?? undefined;
  }

  /** How many messages are in a state. */
  count(state: MessageState): number {
    const row = this.#statements.count.get({ entity: this.#id, state }) as { messages: number };
    return row.messages;
  }

  /** The numbers of the messages whose time is over at `time`. */
  expiredAt(time: number): number[] {
    const rows = this.#statements.expiredAt.all({ entity: this.#id, time }) as { sequence: number }[];
    return rows.map((row) => row.sequence);
  }

  /** When the first message expires of those that have not at `time`. */
  nextExpiry(time: number): number | undefined {
    const row = this.#statements.nextExpiry.get({ entity: this.#id, time }) as { due: number | null };
    return row.due ?? undefined;
  }

  /** Whether the id was remembered and is not forgotten at `now`. */
  hasSeen(id: string, now: number): boolean {
    return this.#statements.hasSeen.get({ entity: this.#id, id, now }) !== undefined;
  }

  /** Remembers the id until `until`, and forgets those whose time was up at `now`. */
  remember(id: string, until: number, now: number): void {
    this.#database.write(this.#statements.forget, { now });
    this.#database.write(this.#statements.remember, { entity: this.#id, id, until });
  }

  /** The rules of a subscription that were changed since they were declared, both as JSON. */
  rules(): { declared: string; rules: string } | undefined {
    return this.#statements.rules.get({ entity: this.#id }) as
      | { declared: string; rules: string }
      | undefined;
  }

  setRules(declared: string, rules: string): void {
    this.#database.write(this.#statements.setRules, { entity: this.#id, declared, rules });
  }

  onDisk(): Promise<void> {
    return this.#database.onDisk();
  }

  #all(statement: ReturnType<Database['prepare']>, values: Record<string, number | string>): StoredMessage[] {
    const rows = statement.all({ entity: this.#id, ...values }) as unknown as MessageRow[];
    return rows.map(readMessage);
  }
}

function prepareStatements(database: Database) {
  const where = 'WHERE entity = :entity AND sequence = :sequence';
  return {
    sequence: database.prepare('UPDATE entity SET last_sequence = :sequence WHERE id = :entity'),
    insert: database.prepare(`
      INSERT INTO message (entity, sequence, original_sequence, id, state, enqueued_at,
        time_to_live, expires_at, scheduled_for, attempts, session, hops, dead_letter_source, content)
      VALUES (:entity, :sequence, :original_sequence, :id, :state, :enqueued_at,
        :time_to_live, :expires_at, :scheduled_for, :attempts, :session, :hops, :dead_letter_source, :content)`),
    remove: database.prepare(`DELETE FROM message ${where}`),
    attempts: database.prepare(`UPDATE message SET attempts = :attempts ${where}`),
    state: database.prepare(`UPDATE message SET state = :state ${where}`),
    content: database.prepare(`UPDATE message SET content = :content ${where}`),
    read: database.prepare(`SELECT * FROM message ${where}`),
    page: database.prepare(`
      SELECT * FROM message WHERE entity = :entity AND sequence >= :sequence ORDER BY sequence LIMIT :count`),
    sessionPage: database.prepare(`
      SELECT * FROM message WHERE entity = :entity AND sequence >= :sequence AND session = :session
      ORDER BY sequence LIMIT :count`),
    present: database.prepare(`
      SELECT sequence, attempts, expires_at, session, state, enqueued_at FROM message
      WHERE entity = :entity AND state <> 'scheduled' ORDER BY sequence`),
    sessionState: database.prepare(
      'SELECT state FROM session_state WHERE entity = :entity AND session = :session',
    ),
    setSessionState: database.prepare(`
      INSERT INTO session_state (entity, session, state, updated) VALUES (:entity, :session, :state, :updated)
      ON CONFLICT (entity, session) DO UPDATE SET state = excluded.state, updated = excluded.updated`),
    clearSessionState: database.prepare(
      'DELETE FROM session_state WHERE entity = :entity AND session = :session',
    ),
    sessionsUpdated: database.prepare(`
      SELECT session FROM session_state WHERE entity = :entity AND updated > :time ORDER BY session`),
    sessions: database.prepare(`
      SELECT DISTINCT session FROM message WHERE entity = :entity AND session IS NOT NULL ORDER BY session`),
    scheduledUntil: database.prepare(`
      SELECT * FROM message WHERE entity = :entity AND state = 'scheduled' AND scheduled_for <= :time
      ORDER BY scheduled_for, sequence`),
    nextScheduled: database.prepare(`
      SELECT min(scheduled_for) AS due FROM message WHERE entity = :entity AND state = 'scheduled'`),
    count: database.prepare(
      'SELECT count(*) AS messages FROM message WHERE entity = :entity AND state = :state',
    ),
    expiredAt: database.prepare(`
      SELECT sequence FROM message
      WHERE entity = :entity AND expires_at <= :time AND state = 'active' ORDER BY sequence`),
    nextExpiry: database.prepare(`
      SELECT min(expires_at) AS due FROM message WHERE entity = :entity AND expires_at > :time`),
    hasSeen: database.prepare('SELECT 1 FROM seen WHERE entity = :entity AND id = :id AND until > :now'),
    remember: database.prepare(`
      INSERT INTO seen (entity, id, until) VALUES (:entity, :id, :until)
      ON CONFLICT (entity, id) DO UPDATE SET until = excluded.until`),
    rules: database.prepare('SELECT declared, rules FROM rule_set WHERE entity = :entity'),
    setRules: database.prepare(`
      INSERT INTO rule_set (entity, declared, rules) VALUES (:entity, :declared, :rules)
      ON CONFLICT (entity) DO UPDATE SET declared = excluded.declared, rules = excluded.rules`),
    forget: database.prepare('DELETE FROM seen WHERE until <= :now'),
  };
}
