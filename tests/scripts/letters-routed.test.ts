/** What becomes of letters that are sent again: the router takes them, and no room's log has anything twice. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rejectedQueue, subscription, topic } from '../../contract/names.ts';
import { toBusMessage } from '../../functions/messages/announcement.ts';
import { understand } from '../../functions/messages/arrival.ts';
import { deliver } from '../../functions/messages/delivery.ts';
import { readHead, readOpenLog } from '../../functions/messages/log.ts';
import { readMessages } from '../../functions/messages/store.ts';
import { newId } from '../../functions/platform/ids.ts';
import { write } from '../../functions/platform/tables.ts';
import { roomOf } from '../functions/messages/rooms.ts';
import { person, startWorld, type World } from '../functions/messages/world.ts';
import { runProgram } from './program.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const resend = async (source: string): Promise<void> => {
  const args = ['scripts/letters.ts', 'resend', source, '--all', '--yes'];
  const { code, errors } = await runProgram(args, {
    ServiceBusConnection: process.env['ServiceBusConnection']!,
  });
  expect([code, errors]).toEqual([0, '']);
};

const sendOutside = (roomId: string, content: string, messageId: string): Promise<void> =>
  world.bus.createSender(topic).sendMessages({
    body: { content, sender: 'ci' },
    messageId,
    applicationProperties: { room_id: roomId },
  });

/** The next message becomes a dead letter, as if the router had failed on it ten times. */
async function bury(): Promise<void> {
  const receiver = world.bus.createReceiver(topic, subscription);
  const [message] = await receiver.receiveMessages(1);
  await receiver.deadLetterMessage(message!, {
    deadLetterReason: 'MaxDeliveryCountExceeded',
    deadLetterErrorDescription: 'ten times',
  });
  await receiver.close();
}

it('a dead letter that never came through stands in the log, once, under the id that its sender gave it', async () => {
  const roomId = await roomOf(person());
  const messageId = newId();
  await sendOutside(roomId, 'The build is green', messageId);
  await bury();
  await resend('dead-letters');
  await world.route(1);
  expect(await readMessages(roomId, 1, 10)).toMatchObject([
    { message_id: messageId, content: 'The build is green' },
  ]);
});

it('one that had come through already, and one that is sent twice, are not appended again', async () => {
  const roomId = await roomOf(person());
  const messageId = newId();
  await sendOutside(roomId, 'once', messageId);
  // The router appended it and failed afterwards: it goes on to the dead letters with its first body and id.
  const [arrival] = await world.takeArrivals(1);
  await deliver([arrival!]);
  expect(await readHead(roomId)).toBe(1);
  const again = { body: { content: 'once', sender: 'ci' }, applicationProperties: { room_id: roomId } };
  for (const id of [newId(), newId()]) {
    const properties = { ...again.applicationProperties, message_id: messageId };
    await world.bus
      .createSender(topic)
      .sendMessages({ ...again, messageId: id, applicationProperties: properties });
    await bury();
  }
  await resend('dead-letters');
  await world.route(2);
  expect(await readHead(roomId)).toBe(1);
});

it('a rejected one comes through once what was wrong is right', async () => {
  const roomId = newId();
  await sendOutside(roomId, 'too early', 'early-1');
  await world.route(1);
  const [rejected] = await world.bus.createReceiver(rejectedQueue).peekMessages(1);
  expect(rejected?.applicationProperties).toMatchObject({ reason: 'room_not_found' });
  const log = { head: 0, name: 'Now', closed: false };
  await write('rooms', { type: 'insert', row: { partitionKey: roomId, rowKey: 'log', ...log } });
  await resend('rejected');
  await world.route(1);
  expect((await readOpenLog(roomId)).head).toBe(1);
  expect(await readMessages(roomId, 1, 1)).toMatchObject([{ message_id: 'early-1' }]);
});

it('an announcement of ours is believed as before: its bytes and signature are the same', async () => {
  const said = { kind: 'rooms', changes: [{ room_id: newId(), version: 1, removed: true }] } as const;
  await world.bus.createSender(topic).sendMessages(toBusMessage({ ...said, changes: [...said.changes] }));
  await bury();
  await resend('dead-letters');
  const [arrival] = await world.takeArrivals(1);
  expect(understand(arrival!)).toEqual(said);
});
