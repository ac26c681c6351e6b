/** Everything at once: a random one of all faults, again and again, while everybody talks. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Participant } from '../participant.ts';
import { pick, type Run, type Scenario } from '../scenario.ts';
import { calls } from './services.ts';

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
  'Web PubSub refuses': async ({ world, random }) => {
    const error = pick([429, 503], random);
    await world.putFaults(
      'webPubSub',
      calls.map((on) => ({ on, action: 'error', error, retryAfter: 1 })),
    );
    await wait(random() * 4_000);
    await world.putFaults('webPubSub', []);
  },
  'Service Bus loses locks': async ({ world, random }) => {
    await world.putFaults('serviceBus', [
      { on: 'settle *', action: pick(['error', 'drop', 'disconnect'], random), times: 3 },
      { on: 'deliver *', action: 'drop', times: 2 },
    ]);
    await wait(random() * 4_000);
    await world.putFaults('serviceBus', []);
  },
  'a clock four minutes wrong': ({ world, random }) =>
    pick(world.hosts, random).restart({ ahead: pick([-240_000, 0, 240_000], random) }),
  'a reader that reads nothing': async ({ members, random }) => {
    const { device } = pick(members, random);
    device.loses = () => true;
    await wait(random() * 3_000);
    // What it lost it would never ask for while it believes that it is connected.
    await device.cut();
    device.loses = () => false;
    device.mend();
  },
  'clocks of browsers a day wrong': async ({ members, random }) => {
    for (const { device } of members) device.ahead = pick([-1, 0, 1], random) * 24 * 60 * 60 * 1_000;
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
    await Promise.all(world.hosts.map((host) => host.restart({ ahead: 0 })));
    await world.settle(room, members);
  },
};
