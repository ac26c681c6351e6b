/** The file of a namespace: what is confirmed is in it, as a copy of the files shows that knows nothing of this process. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../local/service-bus/broker/clock.ts';
import { Inbox } from '../../../local/service-bus/broker/inbox.ts';
import { Queue } from '../../../local/service-bus/broker/queue.ts';
import { Database } from '../../../local/service-bus/store/database.ts';
import { Store } from '../../../local/service-bus/store/entity-store.ts';

const settings = {
  lockDuration: 60_000,
  maxDeliveryCount: 3,
  timeToLive: 60_000,
  deadLetterOnExpiration: false,
  requiresSession: false,
};

let folder: string;
let failures: unknown[];
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  failures = [];
  database = new Database(join(folder, 'data'), (error) => failures.push(error));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** What another process would find, if this one ended now. */
function copyNow(): { ids: string[] } {
  const copy = mkdtempSync(join(folder, 'copy-'));
  cpSync(join(folder, 'data'), copy, { recursive: true });
  const file = new DatabaseSync(join(copy, 'namespace.sqlite'));
  const ids = file.prepare('SELECT id FROM message ORDER BY sequence').all() as { id: string }[];
  file.close();
  return { ids: ids.map((each) => each.id) };
}

const arrival = (id: string) => ({ id, content: Buffer.from(id) });

function openQueue() {
  const store = new Store(database).entity('q');
  const queue = new Queue({ settings, store, clock: systemClock });
  const inbox = new Inbox({ store, clock: systemClock, route: (one, original) => queue.put(one, original) });
  return { queue, inbox };
}

describe('what is confirmed', () => {
  it('[ACK] is on the disk: a message that was sent', async () => {
    const { inbox } = openQueue();
    const sent = inbox.send([arrival('a'), arrival('b')]);
    await sent;
    expect(copyNow().ids).toEqual(['a', 'b']);
  });

  it('[ACK] is on the disk: a schedule, and its cancelling', async () => {
    const { inbox } = openQueue();
    const scheduled = { ...arrival('later'), scheduledFor: Date.now() + 3_600_000 };
    const sequences = await inbox.send([scheduled]);
    expect(copyNow().ids).toEqual(['later']);
    await inbox.cancel(sequences);
    expect(copyNow().ids).toEqual([]);
  });

  it('[ACK] is on the disk: a settlement', async () => {
    const { inbox, queue } = openQueue();
    await inbox.send([arrival('a')]);
    const tokens: string[] = [];
    queue.addConsumer({ credit: 1, locks: true, take: (_message, lock) => void tokens.push(lock!.token) });
    queue.deliver();
    queue.complete(tokens[0]!);
    await queue.onDisk();
    expect(copyNow().ids).toEqual([]);
  });

  it('is written together with all of its turn, and not before', async () => {
    const { inbox } = openQueue();
    await inbox.send([arrival('first')]);
    const both = [inbox.send([arrival('a')]), inbox.send([arrival('b')])];
    expect(copyNow().ids).toEqual(['first']);
    await both[0];
    expect(copyNow().ids).toEqual(['first', 'a', 'b']);
    await both[1];
  });
});

describe('the file', () => {
  it('tells at once of a disk that refuses, and confirms nothing', () => {
    const statement = database.prepare('INSERT INTO entity (path) VALUES (:path)');
    database.write(statement, { path: 'twice' });
    expect(() => database.write(statement, { path: 'twice' })).toThrow('UNIQUE');
    expect(failures).toHaveLength(1);
  });

  it('is not read by a version older than the one that wrote it', () => {
    const other = join(folder, 'newer');
    new Database(other, () => {}).close();
    const file = new DatabaseSync(join(other, 'namespace.sqlite'));
    file.exec('PRAGMA user_version = 99');
    file.close();
    expect(() => new Database(other, () => {})).toThrow('newer version');
  });
});
