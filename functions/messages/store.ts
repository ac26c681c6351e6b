/**
 * Messages in table `rooms`: per room the `log` row (where numbers come from), a row per message number and one
 * per message id. Knows the layout and the transaction; what a conflict means is for `log.ts` to say.
 */
import type { Message } from '../../contract/messages.ts';
import { roomRows, type LogRow } from '../platform/room-rows.ts';
import { odata, readPage, readRow, transact, write, type Action } from '../platform/tables.ts';

/** The `log` row and the ETag under which it was read. */
export type Log = LogRow & { etag: string };

interface MessageRow {
  seq: number;
  message_id: string;
  room_name: string;
  content: string;
  sender: string;
  sender_name: string;
  sent_at: string;
  /** When a moderator removed it; the content is '' then. */
  removed_at?: string;
}

/** The log of a room; undefined where there is no such room. */
export async function readLog(roomId: string): Promise<Log | undefined> {
  const row = await readRow<LogRow>('rooms', roomId, roomRows.log);
  if (!row) return undefined;
  const { head, name, closed, edition = 0, slow_mode_seconds = 0, etag } = row;
  return { head, name, closed, edition, slow_mode_seconds, etag };
}

/**
 * Adds messages that are numbered from `log.head + 1`, all or none, if the log is still as it was read. Answers
 * the log as it is now. Throws `WriteConflict` if it changed or an id is in use, or if a lost answer made the
 * SDK try twice; after any other error the outcome is unknown.
 */
export async function insertMessages(roomId: string, log: Log, messages: Message[]): Promise<Log> {
  const head = log.head + messages.length;
  const actions: Action[] = [writeHead(roomId, log.etag, head)];
  for (const message of messages) actions.push(...messageActions(roomId, message));
  const etags = await transact('rooms', actions);
  return { ...log, head, etag: etags[0] ?? '' };
}

/** Writes the log row as it is, so that no append that read it before can succeed any more. */
export async function touchLog(roomId: string, log: Log): Promise<void> {
  await write('rooms', writeHead(roomId, log.etag, log.head));
}

function writeHead(roomId: string, etag: string, head: number): Action {
  return { type: 'merge', etag, row: { partitionKey: roomId, rowKey: roomRows.log, head } };
}

function messageActions(roomId: string, message: Message): Action[] {
  const { seq, message_id, room_name, content, sender, sender_name, timestamp } = message;
  const body: MessageRow = { seq, message_id, room_name, content, sender, sender_name, sent_at: timestamp };
  return [
    { type: 'insert', row: { partitionKey: roomId, rowKey: roomRows.message(seq), ...body } },
    { type: 'insert', row: { partitionKey: roomId, rowKey: roomRows.messageId(message_id), seq } },
  ];
}

/** The number under which a message id is stored in a room, if it is. */
export async function readNumber(roomId: string, messageId: string): Promise<number | undefined> {
  return (await readRow<{ seq: number }>('rooms', roomId, roomRows.messageId(messageId)))?.seq;
}

/** The messages with the numbers `first` to `last`, ascending; usually one page of one partition. */
export async function readMessages(roomId: string, first: number, last: number): Promise<Message[]> {
  if (last < first) return [];
  const from = roomRows.message(first);
  const to = roomRows.message(last);
  const filter = odata`PartitionKey eq ${roomId} and RowKey ge ${from} and RowKey le ${to}`;
  const messages: Message[] = [];
  let continuation: string | undefined;
  do {
    const page = await readPage<MessageRow>('rooms', filter, { limit: 1_000, continuation });
    messages.push(...page.rows.map((row) => toMessage(roomId, row)));
    ({ continuation } = page);
    // The storage may end a page early, after a few seconds of work or at a border between its servers.
  } while (continuation !== undefined && messages.length < last - first + 1);
  return messages;
}

function toMessage(roomId: string, row: MessageRow): Message {
  return {
    type: 'message',
    message_id: row.message_id,
    seq: row.seq,
    room_id: roomId,
    room_name: row.room_name,
    content: row.content,
    ...(row.removed_at !== undefined && { removed_at: row.removed_at }),
    sender: row.sender,
    sender_name: row.sender_name,
    timestamp: row.sent_at,
  };
}
