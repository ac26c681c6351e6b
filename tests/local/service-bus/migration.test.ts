/** A file that an earlier version wrote: its messages are there, and new ones go in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { Database } from '../../../local/service-bus/store/database.ts';
import { Store } from '../../../local/service-bus/store/entity-store.ts';

it('reads a file of version 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'service-bus-'));
  const old = new DatabaseSync(join(folder, 'namespace.sqlite'));
  old.exec(`
    CREATE TABLE entity (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE COLLATE NOCASE,
      last_sequence INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE message (entity INTEGER NOT NULL, sequence INTEGER NOT NULL, original_sequence INTEGER NOT NULL,
      id TEXT NOT NULL, state TEXT NOT NULL, enqueued_at INTEGER NOT NULL, time_to_live INTEGER,
      expires_at INTEGER, scheduled_for INTEGER, attempts INTEGER NOT NULL, content BLOB NOT NULL,
      PRIMARY KEY (entity, sequence));
    INSERT INTO entity VALUES (1, 'q', 1);
    INSERT INTO message VALUES (1, 1, 1, 'old', 'active', 5, NULL, NULL, NULL, 2, x'00');
    PRAGMA user_version = 1`);
  old.close();
  for (let start = 0; start < 2; start += 1) {
    const database = new Database(folder, (error) => {
      throw error;
    });
    const entity = new Store(database).entity('q');
    const [message] = entity.page(1, 10);
    expect(message).toMatchObject({ id: 'old', attempts: 2, session: undefined, hops: 0 });
    entity.insert({ ...message!, sequence: entity.nextSequence(), session: 's' });
    expect(entity.sessionsWithMessages()).toEqual(['s']);
    database.close();
  }
  rmSync(folder, { recursive: true });
});
