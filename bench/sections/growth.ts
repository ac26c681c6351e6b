/** Whether list, history, publish and join cost the same with ten rooms, members and messages as with 100,000. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startCountedStack, type CountedStack } from '../counting/counted-stack.ts';
import { noTableUse, type TableUse } from '../counting/tables.ts';
import { until } from '../../tests/support/until.ts';
import { median } from '../quantiles.ts';
import type { Run } from '../section.ts';
import type { Subscriber } from '../load/subscriber.ts';
import type { Person } from '../stack/seed.ts';
import { digits, type Table } from '../table.ts';

/** Above it Azurite's own time, which grows with its size, says nothing of Azure's. */
const mostTimed = 20_000;
const repeats = 5;

interface World {
  counted: CountedStack;
  room: string;
  member: Person;
  /** Connected, and not yet in the room. */
  guests: Subscriber[];
}

type Call = (world: World, turn: number) => Promise<unknown>;

const calls: Record<string, Call> = {
  'GET /rooms, first page': (world) => get(world, '/rooms?limit=10'),
  'GET /rooms, a search': (world, turn) => get(world, `/rooms?limit=10&query=bench%20${turn % 10}`),
  'GET /rooms/{id}/members': (world) => get(world, `/rooms/${world.room}/members?limit=10`),
  'GET messages, newest page': (world) => get(world, `/rooms/${world.room}/messages?limit=10`),
  'GET messages, from the middle': (world) => get(world, `/rooms/${world.room}/messages?limit=5&after=2`),
  'POST /publish': async ({ counted: { stack }, room, member }) => {
    await stack.publish(await stack.token(member), room, '.'.repeat(200));
  },
  'join the room': join,
};

export async function growth({ quick, say }: Run): Promise<Table[]> {
  const sizes = quick ? [10, 1_000] : [10, 20_000, 100_000];
  const results: { size: number; uses: Record<string, Use> }[] = [];
  for (const size of sizes) {
    say(`${digits(size)} rooms, members and messages`);
    results.push({ size, uses: await measure(size, say) });
  }
  const [first] = results;
  return [
    {
      title: `growth: rooms, members and messages, ${sizes.map(digits).join(' and ')} of each`,
      head: [
        'call',
        ...sizes.flatMap((size) => [`requests, ${digits(size)}`, 'partitions', 'entities', 'ms']),
        'equal',
      ],
      rows: Object.keys(calls).map((name) => [
        name,
        ...results.flatMap(({ size, uses }) => {
          const { requests, partitions, entities, milliseconds } = uses[name]!;
          return [requests, partitions, entities, size > mostTimed ? '–' : milliseconds];
        }),
        results.every(({ uses }) => key(uses[name]!) === key(first!.uses[name]!)) ? 'yes' : 'NO',
      ]),
      notes: ['Each is the median of five calls, with the list of rooms not served from memory.'],
    },
  ];
}

interface Use {
  requests: number;
  partitions: number;
  entities: number;
  milliseconds: number;
}

const key = ({ requests, partitions, entities }: Use): string => `${requests} ${partitions} ${entities}`;

async function measure(size: number, say: Run['say']): Promise<Record<string, Use>> {
  const counted = await startCountedStack({ DIRECTORY_CACHE_SECONDS: '0' });
  const { seed } = counted.stack;
  const [room = ''] = await seed.rooms(1);
  await seed.members(room, size, { counted: true });
  const [member] = await seed.members(room, 1);
  say('messages');
  await seed.messages(room, size);
  say('rooms');
  await seed.rooms(size, { listed: true });
  const world: World = { counted, room, member: member!, guests: await guestsOf(counted) };
  const uses: Record<string, Use> = {};
  for (const [name, call] of Object.entries(calls)) {
    say(name);
    const taken = [];
    for (let turn = 0; turn < repeats; turn += 1)
      taken.push(await measureOne(world, () => call(world, turn)));
    uses[name] = {
      requests: median(taken.map(({ requests }) => requests)),
      partitions: median(taken.map(({ partitions }) => partitions)),
      entities: median(taken.map(({ entities }) => entities)),
      milliseconds: median(taken.map(({ milliseconds }) => milliseconds)),
    };
  }
  for (const guest of world.guests) guest.close();
  await counted.stop();
  return uses;
}

async function measureOne({ counted }: World, act: () => Promise<unknown>): Promise<Use> {
  await quiet(counted);
  const began = performance.now();
  await act();
  const milliseconds = performance.now() - began;
  const { requests, partitions, entities } = await quiet(counted);
  return { requests, partitions: partitions.size, entities, milliseconds };
}

/** What the tables were asked until they were asked nothing for a moment. */
async function quiet(counted: CountedStack): Promise<TableUse> {
  const sum = noTableUse();
  for (;;) {
    const { tables } = counted.take();
    sum.requests += tables.requests;
    sum.entities += tables.entities;
    for (const partition of tables.partitions) sum.partitions.add(partition);
    await wait(200);
    if (tables.requests === 0) return sum;
  }
}

async function get({ counted: { stack }, member }: World, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${await stack.token(member)}` };
  const answer = await fetch(stack.apis[0] + path, { headers });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

function guestsOf({ stack }: CountedStack): Promise<Subscriber[]> {
  return Promise.all(
    Array.from({ length: repeats }, async (_, index) => {
      const token = await stack.token({ id: randomUUID(), name: `Guest ${index}` });
      return stack.connect(token, {});
    }),
  );
}

/** Asks over the open connection, and waits for `room_joined`, which alone is as long as a message. */
async function join({ room, guests }: World, turn: number): Promise<void> {
  const guest = guests[turn]!;
  const before = guest.messages;
  const data = { room_id: room };
  guest.say(JSON.stringify({ type: 'event', event: 'join', dataType: 'json', data }));
  await until(() => guest.messages > before, { what: 'room_joined', interval: 1 });
}
