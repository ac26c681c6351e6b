/** Several functions hosts on the same services, writing into the same rooms, one of them dying or standing still. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Participant } from '../participant.ts';
import type { Record } from '../record.ts';
import { pick, type Scenario } from '../scenario.ts';

const publishing = (hosts: number, words: string): Scenario => ({
  name: `${words} functions hosts, all publishing into the same rooms`,
  hosts,
  size: { test: 200, torture: 10_000 },
  async run({ world, size, random }) {
    // Two guests of each host at least.
    const members = await world.people(8);
    const rooms = [await world.room(members), await world.room(members)];
    for (let number = 0; number < size; number += 1)
      members[number % members.length]!.send(pick(rooms, random), `message ${number}`);
    for (const room of rooms) await world.settle(room, members);
    noneStarved(world.record, members, rooms[0]!);
  },
});

/** When half of all messages are in, the guests of every host have a fair part in it: a quarter of their share. */
function noneStarved(record: Record, members: Participant[], room: string): void {
  const hostOf = new Map(members.map(({ who, api }) => [who, api]));
  const acknowledged = record.entries.filter((entry) => entry.kind === 'acknowledged');
  const half = acknowledged.slice(0, acknowledged.length / 2);
  const hosts = new Set(hostOf.values());
  for (const host of hosts) {
    const part = half.filter(({ who }) => hostOf.get(who) === host).length;
    const what = `${part} of the first ${half.length} acknowledged`;
    if (part < half.length / hosts.size / 4) record.note({ kind: 'broken', who: host, room, what });
  }
}

export const twoHosts = publishing(2, 'two');
export const fourHosts = publishing(4, 'four');

const minutes = 60 * 1_000;

export const ownClocks: Scenario = {
  name: 'clocks of functions hosts off by four minutes',
  hosts: 2,
  size: { test: 40, torture: 2_000 },
  async run({ world, size, random }) {
    const [first, second] = world.hosts;
    await world.fault('one host four minutes ahead, the other behind', async () => {
      await Promise.all([first!.restart({ ahead: 4 * minutes }), second!.restart({ ahead: -4 * minutes })]);
    });
    const members = await world.people(6);
    const room = await world.room(members);
    for (let number = 0; number < size; number += 1) {
      pick(members, random).send(room, `message ${number}`);
      if (number % 20 === 10) {
        const goer = pick(members.slice(1), random);
        await goer.flush(room);
        await goer.leave(room);
        await goer.join(room);
        goer.device.client.openRoom(room);
      }
    }
    await world.settle(room, members);
    await Promise.all(world.hosts.map((host) => host.restart({ ahead: 0 })));
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
