/**
 * The file of a namespace, and the group commit: everything written within one turn of the event loop becomes one
 * transaction, so that a burst costs one wait for the disk and a lone message waits for nobody.
 * Knows nothing of messages.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { migrations, schema, schemaVersion } from './schema.ts';

export class Database {
  readonly #file: DatabaseSync;
  readonly #onFailure: (error: unknown) => void;
  #onDisk: Promise<void> | undefined;
  #confirm: (() => void) | undefined;

  /**
   * Opens `folder`, and makes what is missing. `onFailure` is called when the disk refuses what was already
   * promised to the memory of this process: it must end the process, or memory and disk would part.
   */
  constructor(folder: string, onFailure: (error: unknown) => void) {
    mkdirSync(folder, { recursive: true });
    this.#file = new DatabaseSync(join(folder, 'namespace.sqlite'));
    this.#onFailure = onFailure;
    this.#lock(folder);
    // FULL: the log is flushed to the disk at each commit, not only at a checkpoint.
    this.#file.exec('PRAGMA synchronous = FULL');
    this.#bringToVersion();
    this.#file.exec(schema);
  }

  prepare(sql: string): StatementSync {
    return this.#file.prepare(sql);
  }

  /** Runs a statement that writes, as part of this turn's transaction. */
  write(statement: StatementSync, values: Record<string, string | number | null | Uint8Array>): void {
    try {
      if (this.#onDisk === undefined) this.#begin();
      statement.run(values);
    } catch (error) {
      this.#onFailure(error);
      throw error;
    }
  }

  /** Resolves once everything written so far is on the disk, in the order of the calls. */
  onDisk(): Promise<void> {
    return this.#onDisk ?? Promise.resolve();
  }

  close(): void {
    this.#commit();
    this.#file.close();
  }

  #begin(): void {
    this.#file.exec('BEGIN IMMEDIATE');
    this.#onDisk = new Promise((confirm) => (this.#confirm = confirm));
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    if (this.#onDisk === undefined) return;
    try {
      this.#file.exec('COMMIT');
    } catch (error) {
      // What waits for the disk must never hear that it is there.
      this.#onFailure(error);
      return;
    }
    this.#onDisk = undefined;
    this.#confirm?.();
  }

  /** Two processes that count the sequence numbers of one file would give them out twice. */
  #lock(folder: string): void {
    try {
      this.#file.exec('PRAGMA locking_mode = EXCLUSIVE');
      this.#file.exec('PRAGMA journal_mode = WAL');
    } catch (cause) {
      throw new Error(`${folder} cannot be opened; another process may use it. ${String(cause)}`, { cause });
    }
  }

  #bringToVersion(): void {
    const { user_version: found } = this.#file.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (found > schemaVersion) {
      throw new Error(
        `The data were written by a newer version (${found}, this one reads ${schemaVersion}).`,
      );
    }
    // A new file is of version 0, and has nothing to change.
    for (let version = found; version > 0 && version < schemaVersion; version += 1) {
      this.#file.exec(`BEGIN; ${migrations[version]} PRAGMA user_version = ${version + 1}; COMMIT`);
    }
    this.#file.exec(`PRAGMA user_version = ${schemaVersion}`);
  }
}
