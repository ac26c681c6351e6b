/** Publishes a second into one room and into many, by one functions host and two; and what each of them costs. */
import { setTimeout as wait } from 'node:timers/promises';
import { startCountedStack, type CountedStack } from '../counting/counted-stack.ts';
import { functionTime } from '../counting/function-time.ts';
import { inBurst } from '../load/pace.ts';
import { usageOf } from '../processes/usage.ts';
import { median, quantile } from '../quantiles.ts';
import type { Run } from '../section.ts';
import { BenchStack } from '../stack/bench-stack.ts';
import { digits, type Table } from '../table.ts';

interface Author {
  room: string;
  token: string;
}

const senders = 64;
const text = '.'.repeat(200);
const manyRooms = 500;

export async function publish(run: Run): Promise<Table[]> {
  return [await rates(run), await costs(run)];
}

/** Without counting, which would take its share of the machine. */
async function rates({ quick, say }: Run): Promise<Table> {
  const messages = quick ? 200 : 3_000;
  const rows = [];
  for (const moreHosts of [0, 1]) {
    for (const rooms of [1, manyRooms]) {
      const title = `${rooms === 1 ? '1 room' : `${rooms} rooms`}, ${moreHosts + 1} host${moreHosts ? 's' : ''}`;
      say(title);
      const stack = await BenchStack.start({ moreHosts });
      const authors = await authorsOf(stack, rooms);
      await sendAll(stack, authors, messages / 10);
      const before = usageOf(...stack.pids('functions')).cpuMilliseconds;
      const { seconds, delays } = await sendAll(stack, authors, messages);
      const used = usageOf(...stack.pids('functions')).cpuMilliseconds - before;
      rows.push([
        title,
        messages / seconds,
        median(delays),
        quantile(delays, 0.99),
        used / messages,
        stack.repeats,
      ]);
      await stack.stop();
    }
  }
  return {
    title: `publish: a burst of ${digits(messages)} by ${senders} senders, acknowledged`,
    head: ['into', 'publishes/s', 'p50 ms', 'p99 ms', 'host CPU ms each', 'asked to repeat'],
    rows,
  };
}

async function costs({ quick, say }: Run): Promise<Table> {
  const rows = [];
  for (const rooms of [1, manyRooms]) {
    const where = rooms === 1 ? '1 room' : `${rooms} rooms`;
    say(`what it costs, ${where}`);
    const counted = await startCountedStack();
    const authors = await authorsOf(counted.stack, rooms);
    await sendAll(counted.stack, authors, 100);
    rows.push(await cost(`idle, ${where}`, counted, { messages: quick ? 10 : 100, authors, at: 1 }));
    rows.push(
      await cost(`burst, ${where}`, counted, { messages: quick ? 200 : 2_000, authors, at: senders }),
    );
    await counted.stop();
  }
  return {
    title: 'publish: what one message costs (idle: one at a time; burst: by 64 senders)',
    head: [
      '',
      'Service Bus sent',
      'received',
      'messages per announcement',
      'table requests',
      'entities',
      'messages per append',
      'Web PubSub calls',
      '2 KB units per receiver',
      'function ms',
      'invocations',
    ],
    rows,
    notes: [
      'Table requests: a transaction of several rows is one. Function ms: what `publish` and `route` ran, waiting included.',
    ],
  };
}

async function cost(
  title: string,
  { stack, take }: CountedStack,
  { messages, authors, at }: { messages: number; authors: Author[]; at: number },
): Promise<(string | number)[]> {
  await settled(take);
  const { length } = functionTime(stack.data, [], 0);
  if (at === 1) {
    for (let number = 0; number < messages; number += 1) {
      const { token, room } = authors[number % authors.length]!;
      await stack.publish(token, room, text);
      // Until what follows an answer (route, removing the intent) is over.
      await wait(50);
    }
  } else await sendAll(stack, authors, messages);
  const { tables, busSent, busReceived, pubSubCalls, pubSubUnits } = await settled(take);
  const { time } = functionTime(stack.data, ['publish', 'route'], length);
  return [
    title,
    busSent / messages,
    busReceived / messages,
    messages / busSent,
    tables.requests / messages,
    tables.entities / messages,
    messages / tables.appends,
    pubSubCalls / messages,
    pubSubUnits / messages,
    time.milliseconds / messages,
    time.invocations / messages,
  ];
}

/** What was counted, once two seconds have brought nothing of messages any more. */
async function settled(take: CountedStack['take']): Promise<ReturnType<CountedStack['take']>> {
  const sum = take();
  for (;;) {
    await wait(2_000);
    const more = take();
    sum.busSent += more.busSent;
    sum.busReceived += more.busReceived;
    sum.pubSubCalls += more.pubSubCalls;
    sum.pubSubUnits += more.pubSubUnits;
    sum.tables.requests += more.tables.requests;
    sum.tables.entities += more.tables.entities;
    sum.tables.appends += more.tables.appends;
    if (more.busReceived + more.pubSubCalls === 0) return sum;
  }
}

async function authorsOf(stack: BenchStack, rooms: number): Promise<Author[]> {
  const ids = await stack.seed.rooms(rooms);
  const authors: Author[] = [];
  for (const room of ids) {
    const people = await stack.seed.members(room, rooms === 1 ? senders : 1);
    for (const person of people) authors.push({ room, token: await stack.token(person) });
  }
  return authors;
}

async function sendAll(
  stack: BenchStack,
  authors: Author[],
  messages: number,
): Promise<{ seconds: number; delays: number[] }> {
  const delays: number[] = [];
  const began = performance.now();
  await inBurst(messages, senders, async (number) => {
    const { token, room } = authors[number % authors.length]!;
    const sentAt = performance.now();
    await stack.publish(token, room, text);
    delays.push(performance.now() - sentAt);
  });
  return { seconds: (performance.now() - began) / 1_000, delays };
}
