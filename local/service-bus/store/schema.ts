/** The tables of a namespace's file. What the columns mean for a message is said in broker/message.ts. */

/** Raised with each change that an older program could not read. */
export const schemaVersion = 1;

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
`;
