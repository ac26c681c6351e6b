/** What must hold, read from the tables and from what everybody was told: at every instant, and when all has settled. */
import { expect } from 'vitest';
import { directoryGroup, rejectedQueue, roomGroup } from '../../contract/names.ts';
import { roomRows } from '../../functions/platform/room-rows.ts';
import { judgeActs, judgeActsInTheEnd } from './judge-acts.ts';
import type { RoomRows, Stage } from './stage.ts';

/** Between any two requests, whoever is at work. */
export function judgeAlways(stage: Stage): void {
  const { version } = stage.services.table('rooms');
  if (stage.judged === version + stage.acknowledged.size) return;
  stage.judged = version + stage.acknowledged.size;
  const names = new Set<unknown>();
  for (const rows of stage.rooms()) {
    const { roomId, room, log, members } = rows;
    judgeLog(rows, stage);
    if (room?.['state'] === 'open') {
      if (room['member_count'] !== members.length)
        fail('COUNT', 'The count is not that of the members', rows);
      judgeActs(rows, stage, fail);
      // A private room keeps its name from nobody.
      if (room['kind'] === 'private') continue;
      if (names.has(room['name'])) fail('NAME', 'Two rooms have one name', rows);
      names.add(room['name']);
    }
    if (room?.['state'] !== 'closed') continue;
    if (!stage.closed.has(roomId)) stage.closed.set(roomId, log?.['head']);
    if (log && stage.closed.get(roomId) !== log['head']) fail('GONE', 'A deleted room grew', rows);
  }
}

function judgeLog(rows: RoomRows, stage: Stage): void {
  const { roomId, room, log, messages, ids } = rows;
  // Being erased, in no order that anybody sees.
  if (room?.['state'] === 'closed' || room === undefined) return;
  if (messages.length !== (log?.['head'] ?? 0)) fail('LOG', 'The head is not the number of messages', rows);
  for (const [index, message] of messages.entries())
    if (message['seq'] !== index + 1) fail('LOG', 'The numbers have a gap', rows);
  const byId = new Map(ids.map(({ rowKey, seq }) => [rowKey, seq]));
  for (const { message_id, seq } of messages)
    if (byId.get(roomRows.messageId(String(message_id))) !== seq) fail('LOG', 'An id leads astray', rows);
  if (byId.size !== messages.length) fail('LOG', 'A message stands twice', rows);
  for (const [messageId, known] of stage.acknowledged) {
    if (known.roomId === roomId && messages[known.seq - 1]?.['message_id'] !== messageId)
      fail('ACK', 'What was acknowledged is not there', rows);
  }
}

function fail(rule: string, what: string, rows: RoomRows): never {
  throw new Error(`[${rule}] ${what}: ${JSON.stringify(rows)}`);
}

/** When nobody is at work any more and nothing is on the way. */
export function judgeInTheEnd(stage: Stage): void {
  judgeAlways(stage);
  expect(stage.rows('intents'), 'nothing is left under way').toEqual([]);
  expect(stage.services.queue(rejectedQueue), 'nothing was rejected').toEqual([]);
  const open = stage.rooms().filter(({ room }) => room?.['state'] === 'open');
  expect(
    stage.rooms().map(({ room }) => room?.['state']),
    '[GONE] every room is there or gone',
  ).toEqual(open.map(() => 'open'));
  const listed = open.filter(({ room }) => room?.['kind'] !== 'private');
  expect(stage.rows('directory').map(({ room_id }) => room_id)).toHaveLength(listed.length);
  for (const rows of open) {
    judgeRoom(rows, stage);
    judgeActsInTheEnd(rows, stage, fail);
  }
  judgePeople(stage, open);
}

function judgeRoom(rows: RoomRows, stage: Stage): void {
  const { roomId, room, log, messages } = rows;
  const { hub } = stage.services;
  const { name } = room!;
  expect([room?.['renaming_to'], log?.['name'], log?.['closed']]).toEqual(['', name, false]);
  const told = new Set<unknown>();
  for (const { group, frame } of hub.told) {
    if (group !== roomGroup(roomId)) continue;
    for (const message of frame.type === 'message' ? [frame] : ((frame['messages'] ?? []) as object[]))
      told.add((message as { seq: number }).seq);
  }
  expect(told, '[ACK] what is stored is told').toEqual(new Set(messages.map(({ seq }) => seq)));
  judgeShown(rows, stage);
}

interface Shown {
  id: string;
  version: number;
}

/** The list and its copies show a room that is listed as it is, and a private one to those alone who are in it. */
function judgeShown({ roomId, room }: RoomRows, stage: Stage): void {
  const { name, member_count, kind } = room!;
  const entry = stage.rows('directory').find(({ room_id }) => room_id === roomId);
  const { told } = stage.services.hub;
  if (kind === 'private') {
    expect(entry, '[NAME] a private room has no name in the list').toBe(undefined);
    const changes = told.filter(({ group, frame }) => group === roomGroup(roomId) && frame['room']);
    const versions = changes.map(({ frame }) => frame['room'] as Shown);
    // Only who is in it was told; whoever is out of it learns it anew when they come.
    if (versions.length > 0) expect(newest(versions)).toMatchObject({ name });
    return;
  }
  expect(entry, '[NAME] the room has its name, and the list its count').toMatchObject({ name, member_count });
  const shown = told
    .filter(({ group }) => group === directoryGroup)
    .flatMap(({ frame }) => frame['rooms'] as Shown[])
    .filter(({ id }) => id === roomId);
  expect(newest(shown), 'everybody who shows the list shows the room as it is').toMatchObject({
    name,
    member_count,
  });
}

const newest = (shown: Shown[]): Shown | undefined =>
  shown.toSorted((left, right) => left.version - right.version).at(-1);

/** [ISO] Access, count and the groups of open connections say the same of everybody. */
function judgePeople(stage: Stage, open: RoomRows[]): void {
  const memberships = stage.rows('memberships');
  expect(memberships.filter(({ state }) => state !== 'member')).toEqual([]);
  const pairs = memberships.map(({ partitionKey, rowKey }) => `${partitionKey} in ${rowKey}`);
  const { from } = roomRows.range('member');
  const counted = open.flatMap(({ roomId, members }) =>
    members.map(({ rowKey }) => `${rowKey.slice(from.length)} in ${roomId}`),
  );
  expect(counted.toSorted(), '[COUNT] who counts is a member').toEqual(pairs.toSorted());
  // The group of a room that is gone is never spoken to again, whoever is still in it.
  const there = new Set(open.map(({ roomId }) => roomGroup(roomId)));
  for (const { userId, groups } of stage.services.hub.connections.values()) {
    const rooms = memberships
      .filter(({ partitionKey }) => partitionKey === userId)
      .map(({ rowKey }) => roomGroup(rowKey));
    const heard = [...groups].filter((group) => there.has(group));
    expect(heard.toSorted(), '[ISO] a connection hears its person’s rooms').toEqual(rooms.toSorted());
  }
}
