/** Tables that refuse for a while, lose requests, or do the work and lose the answer; and answers lost on the way. */
import { setTimeout as wait } from 'node:timers/promises';
import { pick, type Scenario } from '../scenario.ts';
import { inTurns } from '../world.ts';

export const tablesFail: Scenario = {
  name: 'tables answer 503, lose requests, or apply a write and lose the answer',
  hosts: 1,
  size: { test: 30, torture: 10_000 },
  async run({ world, size, random }) {
    const members = await world.people(6);
    const room = await world.room(members);
    const { line } = world.hosts[0]!;
    line.fate = () => {
      const chance = random();
      const fate = chance < 0.05 ? 'busy' : chance < 0.1 ? 'lose' : chance < 0.15 ? 'mute' : 'pass';
      if (fate !== 'pass') world.record.note({ kind: 'fault', what: `a table request: ${fate}` });
      return fate;
    };
    for (let number = 0; number < size; number += 1) pick(members, random).send(room, `message ${number}`);
    await Promise.all(members.map((member) => member.flush(room)));
    line.fate = () => 'pass';
    await world.settle(room, members);
  },
};

export const answersLost: Scenario = {
  name: 'the answers to publishes are lost, and the same ids come again',
  hosts: 1,
  size: { test: 60, torture: 5_000 },
  async run({ world, size, random }) {
    const members = await world.people(4);
    const room = await world.room(members);
    for (const { device } of members) {
      device.misses = (address) => {
        const misses = address.endsWith('/publish') && random() < 0.3;
        if (misses) world.record.note({ kind: 'fault', what: 'an answer lost' });
        return misses;
      };
    }
    for (let number = 0; number < size; number += 1) pick(members, random).send(room, `message ${number}`);
    await world.settle(room, members);
  },
};

export const usedIds: Scenario = {
  name: 'a used id again after a second and later, with other content, and by another person',
  hosts: 1,
  size: { test: 20, torture: 5_000 },
  async run({ world, size, random }) {
    const members = await world.people(4);
    const room = await world.room(members);
    const messages = Array.from({ length: size }, (_, number) => ({
      who: pick(members, random),
      message: { message_id: crypto.randomUUID(), content: `message ${number}` },
    }));
    const sendAll = (): Promise<void[]> =>
      inTurns(messages, 8, async ({ who, message }) => {
        const status = await who.publish(room, message);
        if (status !== 200 && status !== 201)
          world.record.note({ kind: 'broken', who: who.who, room, what: `a repeat answers ${status}` });
      });
    await sendAll();
    await wait(1_000);
    await world.fault('every id again', sendAll);
    await world.fault('every id with other content, and by another person', () =>
      inTurns(messages, 8, async ({ who, message }) => {
        const other = members.find((one) => one !== who)!;
        const answers = await Promise.all([
          who.ask('publish', { room_id: room, ...message, content: 'other words' }),
          other.ask('publish', { room_id: room, ...message }),
        ]);
        for (const { status } of answers.filter((answer) => answer.status !== 409))
          world.record.note({ kind: 'broken', who: who.who, room, what: `a used id answers ${status}` });
      }),
    );
    await world.fault('every id once more', sendAll);
    await world.settle(room, members);
  },
};
