/** What must hold of rooms when nothing is under way, read from the tables themselves. */
import { expect } from 'vitest';
import { normalizeName } from '../../../contract/text.ts';
import { readOldIntents } from '../../../functions/intents/intents.ts';
import { sweep as sweepOld } from '../../../functions/intents/sweep.ts';
import { roomRows } from '../../../functions/platform/room-rows.ts';
import { odata, readAll, readRow } from '../../../functions/platform/tables.ts';
import { settings } from '../../../functions/platform/settings.ts';

/** Finishes every intent, as if all were old. Answers what the sweep had to say. */
export async function sweepNow(): Promise<string[]> {
  // Below zero, or what was written in this second of the storage's clock would not be old yet.
  settings().INTENT_SECONDS = -10;
  const complaints: string[] = [];
  await sweepOld((line) => complaints.push(line));
  return complaints;
}

/** The same when nothing is under way: expects that nothing failed and that no intent is left. */
export async function sweepAll(): Promise<void> {
  expect(await sweepNow()).toEqual([]);
  for await (const { intent } of readOldIntents()) expect(intent).toBeUndefined();
}

export interface RoomTruth {
  state: string | undefined;
  name: string | undefined;
  /** From the count. */
  count: number;
  /** From the member rows, sorted. */
  members: string[];
}

/**
 * Reads a room and expects: it is open or gone; it has its name in the directory, and no other name has it; the
 * count is the number of member rows; each member row has a membership in state `member`, and the other way round.
 */
export async function expectConsistent(roomId: string, people: string[]): Promise<RoomTruth> {
  const row = await readRow<{
    state: string;
    name: string;
    member_count: number;
    version: number;
    renaming_to: string;
  }>('rooms', roomId, roomRows.room);
  const names: string[] = [];
  for await (const entry of readAll<{ room_id: string; name: string; member_count: number }>(
    'directory',
    odata`room_id eq ${roomId}`,
  )) {
    names.push(normalizeName(entry.name));
    if (row?.state === 'open') expect(entry.member_count).toBe(row.member_count);
  }
  const open = row?.state === 'open';
  expect(['open', 'closed', undefined]).toContain(row?.state);
  expect(names).toEqual(open ? [normalizeName(row.name)] : []);
  if (open) expect(row.renaming_to).toBe('');
  const { from, to } = roomRows.range('member');
  const members: string[] = [];
  for await (const member of readAll(
    'rooms',
    odata`PartitionKey eq ${roomId} and RowKey ge ${from} and RowKey lt ${to}`,
  )) {
    members.push(member.rowKey.slice(from.length));
  }
  const memberships: string[] = [];
  for (const userId of people) {
    const membership = await readRow<{ state: string }>('memberships', userId, roomId);
    if (membership && open) expect(membership.state).toBe('member');
    if (membership) memberships.push(userId);
  }
  if (open) {
    expect(row.member_count).toBe(members.length);
    expect(memberships.toSorted()).toEqual(members.toSorted());
  }
  return { state: row?.state, name: row?.name, count: row?.member_count ?? 0, members: members.toSorted() };
}
