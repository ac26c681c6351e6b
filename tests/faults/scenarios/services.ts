/** Services that refuse for a while, hand out the same twice, and lose locks; and messages that nobody can route. */
import { setTimeout as wait } from 'node:timers/promises';
import { rejectedQueue, subscription, topic } from '../../../contract/names.ts';
import { until } from '../../support/until.ts';
import { pick, type Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** Every operation over REST by which the functions reach people. */
export const calls = ['sendTo*', 'add*', 'remove*', 'close*', 'connectionExists*'];

export const pubSubRefuses: Scenario = {
  name: 'Web PubSub answers 429 and 503',
  hosts: 1,
  size: { test: 1, torture: 20 },
  async run({ world, size, random }) {
    const members = await world.people(5);
    const room = await world.room(members);
    for (let round = 0; round < size; round += 1) {
      const seconds = size === 1 ? 5 : 30;
      const end = Date.now() + seconds * 1_000;
      const of = (error: number, times: number) =>
        calls.map((on) => ({ on, action: 'error', error, retryAfter: 1, times }));
      await world.fault(`429 and 503 for ${seconds} s`, async () => {
        await world.putFaults('webPubSub', [...of(429, 10), ...of(503, 100_000)]);
        for (let number = 0; Date.now() < end; number += 1) {
          pick(members, random).send(room, `m ${round} ${number}`);
          await wait(50);
        }
        await world.endFaults('webPubSub');
      });
    }
    await world.settle(room, members);
  },
};

export const redelivered: Scenario = {
  name: 'redelivery, lost locks, and unroutable messages among good ones',
  hosts: 1,
  size: { test: 60, torture: 5_000 },
  async run({ world, size, random }) {
    const members = await world.people(4);
    const room = await world.room(members);
    const source = `${topic}/Subscriptions/${subscription}`;
    // Few for each message: after ten attempts it would be a dead letter, and rightly.
    await world.putFaults('serviceBus', [
      { on: `deliver ${source}`, action: 'drop', skip: 2, times: 3 },
      {
        on: `settle ${source}`,
        action: 'error',
        error: 'com.microsoft:message-lock-lost',
        skip: 5,
        times: 5,
      },
      { on: `settle ${source}`, action: 'disconnect', skip: 5, times: 3 },
      { on: `settle ${source}`, action: 'disconnect', when: 'after', times: 2 },
    ]);
    const bus = world.serviceBus();
    const sender = bus.createSender(topic);
    let strange = 0;
    for (let number = 0; number < size; number += 1) {
      pick(members, random).send(room, `message ${number}`);
      if (number % 5 !== 0) continue;
      strange += 1;
      await world.fault('an unroutable message', () =>
        sender.sendMessages({ messageId: crypto.randomUUID(), ...pick(unroutable(room), random) }),
      );
    }
    await Promise.all(members.map((member) => member.flush(room)));
    await world.endFaults('serviceBus');
    await world.settle(room, members);
    await bus.close();
    await rejected(world, room, strange);
  },
};

const unroutable = (room: string) => [
  { body: 'no JSON', applicationProperties: { room_id: room } },
  { body: { sender: 'x', content: '' }, applicationProperties: { room_id: room } },
  { body: { sender: 'x', content: 'where to?' } },
  { body: { sender: 'x', content: 'to nobody' }, applicationProperties: { room_id: crypto.randomUUID() } },
];

/** Takes the rejected out of their queue: each is there, at least once, with a reason. */
async function rejected(world: World, room: string, wanted: number): Promise<void> {
  const bus = world.serviceBus();
  const receiver = bus.createReceiver(rejectedQueue, { receiveMode: 'receiveAndDelete' });
  const reasons = new Map<unknown, unknown>();
  await until(
    async () => {
      for (const { messageId, applicationProperties } of await receiver.receiveMessages(100, {
        maxWaitTimeInMs: 500,
      }))
        reasons.set(messageId, applicationProperties?.['reason']);
      return reasons.size >= wanted;
    },
    { what: () => `${wanted} rejected messages (there are ${reasons.size})`, timeout: 120_000 },
  );
  await bus.close();
  for (const reason of reasons.values())
    if (typeof reason !== 'string')
      world.record.note({ kind: 'broken', who: 'the router', room, what: 'rejected without a reason' });
}
