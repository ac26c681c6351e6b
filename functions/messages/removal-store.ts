/** Taking the content of a stored message away, in table `rooms`: one transaction with the room's `log` row. */
import { auditInsert, type Act } from '../platform/audit-rows.ts';
import { roomRows } from '../platform/room-rows.ts';
import { transact, type Action } from '../platform/tables.ts';
import type { Log } from './store.ts';

/**
 * Takes away the content of message `seq`, its pin where `pinned` says that it has one, and raises the edition of
 * the log, if the log is still as it was read. Answers the edition. Throws `WriteConflict`.
 */
export async function blankMessage(
  roomId: string,
  log: Log,
  removal: { seq: number; removed_at: string; pinned: boolean; act: Act },
): Promise<number> {
  const { seq, removed_at, pinned, act } = removal;
  const edition = (log.edition ?? 0) + 1;
  const actions: Action[] = [
    { type: 'merge', etag: log.etag, row: { partitionKey: roomId, rowKey: roomRows.log, edition } },
    {
      type: 'merge',
      etag: '*',
      row: { partitionKey: roomId, rowKey: roomRows.message(seq), content: '', removed_at },
    },
    auditInsert(roomId, act),
  ];
  if (pinned) {
    actions.push({ type: 'delete', etag: '*', row: { partitionKey: roomId, rowKey: roomRows.pin(seq) } });
  }
  await transact('rooms', actions);
  return edition;
}
