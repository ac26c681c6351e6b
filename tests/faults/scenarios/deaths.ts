/** `kill -9` of a functions host between any two of its writes, and of the services that it stands on. */
import type { Host } from '../host.ts';
import { again, type Participant } from '../participant.ts';
import { pick, type Scenario } from '../scenario.ts';

type Act = (who: Participant, room: string) => Promise<unknown>;

/** What a host is killed in. Whoever asked asks again, as the page does. */
const acts: Record<string, Act> = {
  publish: async (who, room) => {
    who.send(room, 'as the host dies');
    await who.flush(room);
  },
  join: async (who, room) => {
    await who.leave(room);
    await who.join(room);
  },
  leave: async (who, room) => {
    await who.leave(room);
    await who.join(room);
  },
  rename: (who, room) =>
    again(() => who.device.client.changeRoom(room, { name: `Room ${crypto.randomUUID()}` })),
  create: async (who) => {
    const name = `Room ${crypto.randomUUID()}`;
    const made = await again(() => who.device.client.createRoom({ name, description: '' })).catch(
      () => undefined,
    );
    // The name may be taken by the room that the first attempt made: then it is there, and can be deleted.
    if (made) await again(() => who.device.client.deleteRoom(made.id));
  },
};

/** Kills the host at its n-th request to the tables from now: before it arrives, or when it is done and unanswered. */
async function killAt(host: Host, n: number, when: 'before' | 'after'): Promise<void> {
  const { line } = host;
  let seen = 0;
  await new Promise<void>((killed) => {
    line.fate = (request) => {
      // Timers read in the background; what is written is what a crash can tear.
      if (request.method === 'GET' || (seen += 1) !== n) return 'pass';
      line.fate = () => 'pass';
      void host.kill().then(killed);
      return when === 'before' ? 'lose' : 'mute';
    };
  });
}

export const hostKilledAtEveryStep: Scenario = {
  name: 'kill -9 of the functions host at every step',
  hosts: 1,
  size: { test: 10, torture: 1_000 },
  async run({ world, size, random }) {
    const host = world.hosts[0]!;
    const members = await world.people(4);
    const room = await world.room(members);
    const names = Object.keys(acts);
    for (let kill = 0; kill < size; kill += 1) {
      const name = names[kill % names.length]!;
      const who = name === 'rename' ? members[0]! : pick(members.slice(1), random);
      const n = 1 + Math.floor(random() * 4);
      const when = random() < 0.5 ? 'before' : 'after';
      await world.fault(`killed in ${name}, ${when} write ${n}`, async () => {
        const killed = killAt(host, n, when).then(() => host.start());
        const acted = acts[name]!(who, room);
        // A write that this act does not have: somebody else's will do.
        const more = setInterval(() => members[0]!.send(room, 'and another'), 500);
        await killed;
        clearInterval(more);
        await acted;
      });
    }
    await world.settle(room, members);
  },
};

export const servicesKilled: Scenario = {
  name: 'kill -9 of Web PubSub and of Service Bus',
  hosts: 1,
  size: { test: 2, torture: 100 },
  async run({ world, size, random }) {
    const members = await world.people(6);
    const room = await world.room(members);
    for (let kill = 0; kill < size; kill += 1) {
      const part = kill % 2 === 0 ? 'webPubSub' : 'serviceBus';
      for (let number = 0; number < 20; number += 1)
        pick(members, random).send(room, `before ${kill}, ${number}`);
      await world.fault(`kill -9 of ${part}`, () => world.killPart(part));
      for (let number = 0; number < 20; number += 1)
        pick(members, random).send(room, `during ${kill}, ${number}`);
      await world.stack.startPart(part);
    }
    await world.settle(room, members);
  },
};
