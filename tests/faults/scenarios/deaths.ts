/** `kill -9` of a functions host between any two of its writes, and of the services that it stands on. */
import type { Host } from '../host.ts';
import { again, type Participant } from '../participant.ts';
import { pick, type Scenario } from '../scenario.ts';

interface Act {
  /** Requests to the tables that write, as many as one such change makes. */
  writes: number;
  /** By the page's own code, which asks again until it has an answer. */
  again: (who: Participant, room: string) => Promise<unknown>;
  /** By hand and once, by somebody who never asks for it again. */
  once: (who: Participant, room: string) => Promise<unknown>;
}

const newName = (): string => `Room ${crypto.randomUUID()}`;

/** What a host is killed in. */
const acts: Record<string, Act> = {
  publish: {
    writes: 3,
    again: async (who, room) => {
      who.send(room, 'as the host dies');
      await who.flush(room);
    },
    once: (who, room) => who.publish(room, { message_id: crypto.randomUUID(), content: 'said once' }),
  },
  join: {
    writes: 5,
    again: async (who, room) => {
      await who.leave(room);
      await who.join(room);
    },
    once: (who, room) => who.device.client.join(room),
  },
  leave: {
    writes: 5,
    again: async (who, room) => {
      await who.leave(room);
      await who.join(room);
    },
    once: (who, room) => who.device.client.leave(room),
  },
  rename: {
    writes: 6,
    again: (who, room) => again(() => who.device.client.changeRoom(room, { name: newName() })),
    once: (who, room) => who.ask(`rooms/${room}`, { name: newName() }, 'PATCH'),
  },
  create: {
    writes: 7,
    again: async (who) => {
      const name = newName();
      // The name may be taken by the room that the first attempt made: then it is there.
      await again(() => who.device.client.createRoom({ name, description: '' })).catch(() => undefined);
    },
    once: (who) => who.ask('rooms', { name: newName(), description: '' }),
  },
  delete: {
    writes: 5,
    again: async (who) => {
      const { id } = await again(() => who.device.client.createRoom({ name: newName(), description: '' }));
      await again(() => who.device.client.deleteRoom(id));
    },
    once: async (who) => {
      const { id } = await again(() => who.device.client.createRoom({ name: newName(), description: '' }));
      await who.ask(`rooms/${id}`, undefined, 'DELETE');
    },
  },
};

interface Point {
  name: string;
  n: number;
  when: 'before' | 'after';
  how: 'again' | 'once';
}

/** Every write of every change, before and after it, by both kinds of callers. */
const points: Point[] = Object.entries(acts).flatMap(([name, { writes }]) =>
  Array.from({ length: writes }, (_, index) => index + 1).flatMap((n) =>
    (['before', 'after'] as const).flatMap((when) =>
      (['again', 'once'] as const).map((how) => ({ name, n, when, how })),
    ),
  ),
);

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
    // From anywhere, in steps that come to every point before they come to one twice.
    const start = Math.floor(random() * points.length);
    for (let kill = 0; kill < size; kill += 1) {
      const { name, n, when, how } = points[(start + kill * stride) % points.length]!;
      const who = name === 'rename' ? members[0]! : pick(members.slice(1), random);
      // Who never comes back is no member of whom anything is expected in the end.
      const actor = how === 'once' && /join|leave/.test(name) ? await world.person() : who;
      if (actor !== who && name === 'leave') await actor.join(room);
      await world.fault(`killed in ${name} (${how}), ${when} write ${n}`, async () => {
        const killed = killAt(host, n, when).then(async () => {
          // They go before the host is back.
          if (actor !== who) await actor.device.cut();
          await host.start();
        });
        const acted = acts[name]![how](actor, room).catch(() => undefined);
        // A write that this act does not have: somebody else's will do.
        const more = setInterval(() => members[0]!.send(room, 'and another'), 500);
        await killed;
        clearInterval(more);
        if (actor === who) await acted;
      });
    }
    await world.settle(room, members);
  },
};

/** Has no divisor in common with the number of points. */
const stride = 37;

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
