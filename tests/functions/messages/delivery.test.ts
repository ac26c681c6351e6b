/** The router: what comes over the topic reaches exactly its room, in order, and nothing holds up anything else. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../contract/messages.ts';
import { directoryGroup, roomGroup, topic } from '../../../contract/names.ts';
import { announceNumbers } from '../../../functions/messages/announce.ts';
import { understand } from '../../../functions/messages/arrival.ts';
import { deliver, laterSeconds, runs } from '../../../functions/messages/delivery.ts';
import { readHead } from '../../../functions/messages/log.ts';
import { publish } from '../../../functions/messages/publish.ts';
import { readMessages } from '../../../functions/messages/store.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { until } from '../../support/until.ts';
import { closeRoom, roomOf } from './rooms.ts';
import { listenToRoom, person, startWorld, type Listener, type World } from './world.ts';

let world: World;
const { now } = clock;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
  clock.now = now;
});

/** Whatever is put off from now on is due at once. */
const laterIsNow = (): void => {
  clock.now = () => new Date(now().getTime() - laterSeconds * 1_000);
};

const alice = person();

/** The messages that a listener was shown, in the order in which they came. */
const shown = ({ frames }: Listener): Message[] =>
  frames.flatMap((frame) =>
    frame.type === 'messages' ? (frame['messages'] as Message[]) : [frame as unknown as Message],
  );

const contents = (listener: Listener): string[] => shown(listener).map(({ content }) => content);

/** Waits until a frame that was sent last has come, so that whatever was to come before it has come too. */
async function settle(listener: Listener, group: string): Promise<void> {
  await world.hub.group(group).sendToAll({ type: 'end' });
  await until(() => listener.frames.at(-1)?.type === 'end', { what: 'the last frame' });
  listener.frames.pop();
}

/** Puts a message onto the topic as a system outside does. */
async function sendFromOutside(
  body: unknown,
  more: { room_id?: unknown; messageId?: string } = {},
): Promise<void> {
  const { room_id, messageId } = more;
  const sender = world.bus.createSender(topic);
  await sender.sendMessages({
    body,
    ...(messageId !== undefined && { messageId }),
    applicationProperties: { colour: 'green', ...(room_id !== undefined && { room_id: room_id as string }) },
  });
  await sender.close();
}

describe('announcements', () => {
  it('[LOG] of one room in one batch become one frame, in the order of the numbers', async () => {
    const room_id = await roomOf(alice);
    const listener = await listenToRoom(world, room_id);
    for (const content of ['a', 'b', 'c']) await publish(alice, { room_id, content });
    const batch = await world.takeArrivals(3);
    await deliver(batch.toReversed());
    await settle(listener, roomGroup(room_id));
    expect(listener.frames.map(({ type }) => type)).toEqual(['messages']);
    expect(contents(listener)).toEqual(['a', 'b', 'c']);
    expect(shown(listener)).toEqual(await readMessages(room_id, 1, 3));
  });

  it('alone become the message as it is', async () => {
    const room_id = await roomOf(alice);
    const listener = await listenToRoom(world, room_id);
    const { message_id } = await publish(alice, { room_id, content: 'only' });
    await world.route(1);
    await settle(listener, roomGroup(room_id));
    expect(listener.frames).toEqual([
      expect.objectContaining({
        type: 'message',
        message_id,
        seq: 1,
        sender: alice.user_id,
        sender_name: alice.name,
      }),
    ]);
  });

  it('[ISO] reach the room they are of, and no other', async () => {
    const [first, second] = await Promise.all([roomOf(alice), roomOf(alice)]);
    const listeners = await Promise.all([listenToRoom(world, first), listenToRoom(world, second)]);
    await publish(alice, { room_id: first, content: 'for the first' });
    await publish(alice, { room_id: second, content: 'for the second' });
    await world.route(2);
    await settle(listeners[0], roomGroup(first));
    await settle(listeners[1], roomGroup(second));
    expect(listeners.map(contents)).toEqual([['for the first'], ['for the second']]);
  });

  it('of numbers alone are completed from the log', async () => {
    const room_id = await roomOf(alice);
    for (const content of ['a', 'b', 'c', 'd']) await publish(alice, { room_id, content });
    await world.route(4);
    const listener = await listenToRoom(world, room_id);
    await announceNumbers(room_id, [1, 2, 4, 99]);
    await world.route(1);
    await settle(listener, roomGroup(room_id));
    expect(contents(listener)).toEqual(['a', 'b', 'd']);
  });

  it('that come twice are shown as what they are, the same message', async () => {
    const room_id = await roomOf(alice);
    const listener = await listenToRoom(world, room_id);
    await publish(alice, { room_id, content: 'again' });
    const batch = await world.takeArrivals(1);
    await deliver(batch);
    await deliver([...batch, ...batch]);
    await settle(listener, roomGroup(room_id));
    expect(shown(listener).map(({ seq }) => seq)).toEqual([1, 1]);
  });

  it('[ISO] that somebody else made show nothing but what the log holds', async () => {
    const room_id = await roomOf(alice);
    await publish(alice, { room_id, content: 'true' });
    const batch = await world.takeArrivals(1);
    const listener = await listenToRoom(world, room_id);
    const forged = batch.map((arrival) => ({
      ...arrival,
      body: Buffer.from(arrival.body.toString().replace('true', 'fake')),
    }));
    await deliver(forged);
    await settle(listener, roomGroup(room_id));
    expect(contents(listener)).toEqual(['true']);
  });

  it('[GONE] of a room that was deleted are done with: nothing is pushed, nothing rejected', async () => {
    const room_id = await roomOf(alice);
    const listener = await listenToRoom(world, room_id);
    await publish(alice, { room_id, content: 'too late' });
    await closeRoom(room_id);
    await announceNumbers(newId(), [1]);
    await world.route(2);
    await settle(listener, roomGroup(room_id));
    expect(listener.frames).toEqual([]);
    expect(await world.takeRejected(0)).toEqual([]);
  });

  it('[ACK] that cannot be pushed now are announced again for later, and hold up no other room', async () => {
    const [broken, fine] = await Promise.all([roomOf(alice), roomOf(alice)]);
    const listener = await listenToRoom(world, fine);
    await publish(alice, { room_id: broken, content: 'later' });
    await publish(alice, { room_id: fine, content: 'now' });
    world.line.fate = ({ method, path }) => (method === 'GET' && path.includes(broken) ? 'lose' : 'pass');
    laterIsNow();
    await deliver(await world.takeArrivals(2));
    await settle(listener, roomGroup(fine));
    expect(contents(listener)).toEqual(['now']);
    world.line.fate = () => 'pass';
    const again = await world.takeArrivals(1);
    expect(again.map(understand)).toEqual([{ kind: 'messages', room_id: broken, seqs: [1] }]);
  });
});

describe('messages from outside', () => {
  it('[LOG] get their number, are stored and shown, under a sender that is no user', async () => {
    const room_id = await roomOf(alice);
    const listener = await listenToRoom(world, room_id);
    await publish(alice, { room_id, content: 'hello' });
    await sendFromOutside({ content: 'Build 7 is green', sender: 'ci' }, { room_id, messageId: 'build-7' });
    await world.route(2);
    await settle(listener, roomGroup(room_id));
    expect(shown(listener).at(-1)).toMatchObject({
      seq: 2,
      message_id: 'build-7',
      content: 'Build 7 is green',
      sender: 'service:ci',
      sender_name: 'ci',
    });
    expect(await readMessages(room_id, 1, 9)).toEqual(shown(listener));
  });

  it('[LOG] that come again, redelivered, are stored once', async () => {
    const room_id = await roomOf();
    for (const messageId of ['x-1', undefined]) {
      await sendFromOutside(
        { content: `${messageId}`, sender: 'ci' },
        { room_id, ...(messageId && { messageId }) },
      );
    }
    const batch = await world.takeArrivals(2);
    await Promise.all([deliver(batch), deliver(batch)]);
    await deliver(batch.map((arrival) => ({ ...arrival })));
    expect(await readHead(room_id)).toBe(batch.length);
  });

  it('[LOG] keep the order in which they came', async () => {
    const room_id = await roomOf();
    const sender = world.bus.createSender(topic);
    const texts = Array.from({ length: 120 }, (_, index) => `line ${index}`);
    await sender.sendMessages(
      texts.map((content) => ({
        body: { content, sender: 'log' },
        messageId: newId(),
        applicationProperties: { room_id },
      })),
    );
    await sender.close();
    await world.route(120);
    expect((await readMessages(room_id, 1, 200)).map(({ content }) => content)).toEqual(texts);
  });

  it('[BAD] that cannot be routed go to the queue of the rejected, unchanged, with the reason', async () => {
    const room_id = await roomOf(alice);
    const gone = await roomOf();
    await closeRoom(gone);
    const { message_id } = await publish(alice, { room_id, content: 'mine' });
    const good = { content: 'x', sender: 'ci' };
    const cases: [reason: string, body: unknown, more: Parameters<typeof sendFromOutside>[1]][] = [
      ['no_room_id', good, { messageId: 'r1' }],
      ['malformed', good, { room_id: 'General', messageId: 'r2' }],
      ['malformed', Buffer.from('not  JSON é'), { room_id, messageId: 'r3' }],
      ['malformed', { content: '', sender: 'ci' }, { room_id, messageId: 'r4' }],
      ['room_not_found', good, { room_id: newId(), messageId: 'r5' }],
      ['room_not_found', good, { room_id: gone, messageId: 'r6' }],
      ['message_id_in_use', good, { room_id, messageId: message_id }],
    ];
    for (const [, body, more] of cases) await sendFromOutside(body, more);
    await sendFromOutside(good, { room_id, messageId: 'good' });
    await world.route(9);
    const rejected = await world.takeRejected(cases.length);
    for (const [reason, body, more] of cases) {
      const found = rejected.find(({ messageId }) => messageId === more?.messageId);
      expect(found?.applicationProperties).toMatchObject({
        reason,
        description: expect.stringMatching(/\w/),
        colour: 'green',
        ...(more?.room_id !== undefined && { room_id: more.room_id }),
      });
      const sent = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      expect(Buffer.compare(found?.body as Buffer, sent)).toBe(0);
    }
    expect(await readHead(room_id)).toBe(2);
  });

  it('[ACK] that cannot be stored now come again under their first id, and are stored once', async () => {
    const room_id = await roomOf();
    await sendFromOutside({ content: 'later', sender: 'ci' }, { room_id, messageId: 'put-off' });
    let reads = 0;
    world.line.fate = ({ path }) => (path.includes(room_id) && (reads += 1) > 0 ? 'lose' : 'pass');
    laterIsNow();
    await deliver(await world.takeArrivals(1));
    expect(reads).toBeGreaterThan(0);
    world.line.fate = () => 'pass';
    await world.route(1);
    expect(await readMessages(room_id, 1, 9)).toMatchObject([{ message_id: 'put-off', content: 'later' }]);
  });
});

describe('a batch of everything', () => {
  it('[BAD] never fails for one of its messages', async () => {
    const room_id = await roomOf(alice);
    const listener = await listenToRoom(world, room_id);
    const directory = await world.listen(directoryGroup);
    const junk = [
      Buffer.from([0, 1, 2]),
      Buffer.from('{'),
      Buffer.from('null'),
      Buffer.from('{"kind":"rooms"}'),
    ];
    for (const body of junk) await sendFromOutside(body, { room_id });
    await publish(alice, { room_id, content: 'between' });
    const { message_id } = await publish(alice, { room_id, content: 'and after' });
    expect(message_id).toBeTruthy();
    await world.route(6);
    await settle(listener, roomGroup(room_id));
    expect(contents(listener)).toEqual(['between', 'and after']);
    expect(await world.takeRejected(junk.length)).toHaveLength(junk.length);
    expect(directory.frames).toEqual([]);
  });

  it('asks the log for each run of numbers once', () => {
    expect(runs([1, 2, 3, 7, 9, 10])).toEqual([
      { first: 1, last: 3 },
      { first: 7, last: 7 },
      { first: 9, last: 10 },
    ]);
    expect(runs([])).toEqual([]);
  });
});
