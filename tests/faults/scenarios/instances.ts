/** Several functions hosts on the same services, writing into the same rooms, one of them dying or standing still. */
import { setTimeout as wait } from 'node:timers/promises';
import { pick, type Scenario } from '../scenario.ts';

export const twoHosts: Scenario = {
  name: 'two functions hosts, all publishing into the same rooms',
  hosts: 2,
  size: { test: 200, torture: 10_000 },
  async run({ world, size, random }) {
    const members = await world.people(8);
    const rooms = [await world.room(members), await world.room(members)];
    for (let number = 0; number < size; number += 1)
      pick(members, random).send(pick(rooms, random), `message ${number}`);
    for (const room of rooms) await world.settle(room, members);
  },
};

export const oneHostStopped: Scenario = {
  name: 'processes stopped where they stand, and let go on',
  hosts: 2,
  size: { test: 2, torture: 100 },
  async run({ world, size, random }) {
    const members = await world.people(6);
    const room = await world.room(members);
    for (let stop = 0; stop < size; stop += 1) {
      const host = pick(world.hosts, random);
      const seconds = 1 + random() * (size > 10 ? 19 : 3);
      await world.fault(`SIGSTOP of a host for ${seconds} s`, async () => {
        for (let number = 0; number < 20; number += 1)
          pick(members, random).send(room, `m ${stop} ${number}`);
        host.signal('SIGSTOP');
        for (let number = 0; number < 20; number += 1)
          pick(members, random).send(room, `n ${stop} ${number}`);
        await wait(seconds * 1_000);
        host.signal('SIGCONT');
      });
    }
    await world.settle(room, members);
  },
};
