/** Everything at once: a random one of all faults, again and again, while everybody talks. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Participant } from '../participant.ts';
import { pick, type Run, type Scenario } from '../scenario.ts';

interface Around extends Run {
  members: Participant[];
  room: string;
}

/** Each does its damage, mends it, and ends. */
const faults: { [what: string]: (around: Around) => Promise<void> } = {
  'connections cut': async ({ members, random }) => {
    const cut = members.filter(() => random() < 0.4);
    await Promise.all(cut.map(({ device }) => device.cut()));
    await wait(random() * 4_000);
    for (const { device } of cut) device.mend();
  },
  'a host killed': async ({ world, random }) => {
    const host = pick(world.hosts, random);
    await host.kill();
    await host.start();
  },
  'a host stopped': async ({ world, random }) => {
    const host = pick(world.hosts, random);
    host.signal('SIGSTOP');
    await wait(random() * 4_000);
    host.signal('SIGCONT');
  },
  'Web PubSub killed': async ({ world }) => {
    await world.killPart('webPubSub');
    await world.stack.startPart('webPubSub');
  },
  'Service Bus killed': async ({ world }) => {
    await world.killPart('serviceBus');
    await world.stack.startPart('serviceBus');
  },
  'tables that fail': async ({ world, random }) => {
    const { line } = pick(world.hosts, random);
    line.fate = () => pick(['pass', 'pass', 'pass', 'pass', 'busy', 'lose', 'mute'], random);
    await wait(random() * 2_000);
    line.fate = () => 'pass';
  },
  'somebody leaves and comes back': async ({ members, room, random }) => {
    const goer = pick(members.slice(1), random);
    await goer.leave(room);
    await goer.join(room);
    goer.device.client.openRoom(room);
  },
};

export const mix: Scenario = {
  name: 'a random mix of all of these',
  hosts: 2,
  size: { test: 5, torture: 100 },
  async run(run) {
    const { world, size, random } = run;
    const members = await world.people(6);
    const room = await world.room(members);
    let talking = true;
    const talk = (async () => {
      for (let number = 0; talking; number += 1) {
        // Who may be leaving does not talk.
        members[0]!.send(room, `message ${number}`);
        await wait(30);
      }
    })();
    for (let number = 0; number < size; number += 1) {
      const what = pick(Object.keys(faults), random);
      await world.fault(what, () => faults[what]!({ ...run, members, room }));
    }
    talking = false;
    await talk;
    await world.settle(room, members);
  },
};
