/** The tables of a namespace's file. What the columns mean for a message is said in broker/message.ts. */

/** Raised with each change that an older program could not read. */
export const schemaVersion = 2;

/** What turns a file of a version into one of the next, under the number of the former. */
export const migrations: Record<number, string> = {
  1: `
    ALTER TABLE message ADD COLUMN session TEXT;
    ALTER TABLE message ADD COLUMN hops INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE message ADD COLUMN dead_letter_source TEXT;
  `,
};

export const schema = `
  CREATE TABLE IF NOT EXISTS entity (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE COLLATE NOCASE,
    last_sequence INTEGER NOT NULL DEFAULT 0
  );

  CREATE TABLE IF NOT EXISTS message (
    entity INTEGER NOT NULL REFERENCES entity (id),
    sequence INTEGER NOT NULL,
    original_sequence INTEGER NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    enqueued_at INTEGER NOT NULL,
    time_to_live INTEGER,
    expires_at INTEGER,
    scheduled_for INTEGER,
    attempts INTEGER NOT NULL,
    content BLOB NOT NULL,
    session TEXT,
    hops INTEGER NOT NULL DEFAULT 0,
    dead_letter_source TEXT,
    PRIMARY KEY (entity, sequence)
  );
  CREATE INDEX IF NOT EXISTS message_expires ON message (entity, expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS message_scheduled ON message (entity, scheduled_for) WHERE state = 'scheduled';

  CREATE TABLE IF NOT EXISTS seen (
    entity INTEGER NOT NULL REFERENCES entity (id),
    id TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (entity, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS seen_until ON seen (until);

  CREATE TABLE IF NOT EXISTS session_state (
    entity INTEGER NOT NULL REFERENCES entity (id),
    session TEXT NOT NULL,
    state BLOB NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (entity, session)
  ) WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS rule_set (
    entity INTEGER PRIMARY KEY REFERENCES entity (id),
    declared TEXT NOT NULL,
    rules TEXT NOT NULL
  );
`;
