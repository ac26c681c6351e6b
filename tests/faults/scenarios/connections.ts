/** Connections that are cut, again and again, for less and for more than the time in which they can be recovered. */
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import { pick, type Scenario } from '../scenario.ts';

export const cutAgainAndAgain: Scenario = {
  name: 'a fifth of the connections cut, again and again',
  hosts: 1,
  size: { test: 150, torture: 10_000 },
  async run({ world, size, random }) {
    const members = await world.people(10);
    const room = await world.room(members);
    const batch = 30;
    for (let sent = 0; sent < size; sent += batch) {
      const cut = members.filter(() => random() < 0.2);
      await world.fault(`cut ${cut.map(({ who }) => who).join(', ')}`, () =>
        Promise.all(cut.map(({ device }) => device.cut())),
      );
      for (let number = sent; number < sent + batch; number += 1)
        pick(members, random).send(room, `m ${number}`);
      await wait(random() * 2_000);
      for (const { device } of cut) device.mend();
    }
    await world.settle(room, members);
  },
};

export const aroundTheRecoveryWindow: Scenario = {
  name: 'cut for just under and just over the recovery window',
  hosts: 1,
  size: { test: 2, torture: 50 },
  async run({ world, size, random }) {
    const [host, ...others] = await world.people(5);
    const room = await world.room([host!, ...others]);
    for (let round = 0; round < size; round += 1) {
      // The window is three seconds in these runs.
      const seconds = round % 2 === 0 ? 2.6 + random() * 0.3 : 3.1 + random() * 0.5;
      await world.fault(`cut everybody but one for ${seconds} s`, () =>
        Promise.all(others.map(({ device }) => device.cut())),
      );
      for (let number = 0; number < 20; number += 1) host!.send(room, `round ${round}, ${number}`);
      await wait(seconds * 1_000);
      for (const { device } of others) device.mend();
    }
    await world.settle(room, [host!, ...others]);
  },
};

export const longAbsence: Scenario = {
  name: 'an absence in which thousands of messages were missed',
  hosts: 1,
  size: { test: 450, torture: 10_000 },
  async run({ world, size, random }) {
    const [absent, ...others] = await world.people(11);
    const room = await world.room([absent!, ...others]);
    await world.fault('away', () => absent!.device.cut());
    for (let number = 0; number < size; number += 1) pick(others, random).send(room, `message ${number}`);
    await Promise.all(others.map((other) => other.flush(room)));
    let requests = 0;
    absent!.device.refuses = () => {
      requests += 1;
      return false;
    };
    absent!.device.mend();
    await absent!.device.untilOnline();
    if (requests > 20)
      world.record.note({
        kind: 'broken',
        who: absent!.who,
        room,
        what: `caught up by ${requests} requests`,
      });
    await world.settle(room, [absent!, ...others]);
  },
};

export const slowReader: Scenario = {
  name: 'a reader slower than the buffer of the service',
  hosts: 1,
  size: { test: 2, torture: 100 },
  async run({ world, size, random }) {
    const [slow, ...others] = await world.people(4);
    const room = await world.room([slow!, ...others]);
    const { device } = slow!;
    const long = 'x'.repeat(7_000);
    for (let round = 0; round < size; round += 1) {
      const { opened } = device;
      await world.fault('reads nothing until the service gives up', async () => {
        device.loses = () => true;
        // 256 KiB wait for it at most in these runs.
        for (let number = 0; number < 60; number += 1) pick(others, random).send(room, `${number} ${long}`);
        await until(() => device.opened > opened || device.state.status !== 'online', {
          what: 'the connection of the slow reader to be closed',
          timeout: 180_000,
        });
        device.loses = () => false;
      });
    }
    await world.settle(room, [slow!, ...others]);
  },
};

const day = 24 * 60 * 60 * 1_000;

export const wrongClocks: Scenario = {
  name: 'clocks of browsers off by a day',
  hosts: 1,
  size: { test: 60, torture: 2_000 },
  async run({ world, size, random }) {
    const members = await world.people(6);
    const room = await world.room(members);
    for (let sent = 0; sent < size; sent += 20) {
      for (const { device } of members) device.ahead = pick([-day, 0, day], random);
      const cut = pick(members, random).device;
      await world.fault('clocks set, and one connection cut', () => cut.cut());
      for (let number = sent; number < sent + 20; number += 1)
        pick(members, random).send(room, `m ${number}`);
      cut.mend();
    }
    await world.settle(room, members);
  },
};
