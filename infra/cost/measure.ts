/**
 * Counts what things cost on the local stack, with a counting proxy before each service that bills by the operation.
 * Counts, not times: another machine counts the same. The app's timers are off while people are measured.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { startCountedStack, type Count, type CountedStack } from '../../bench/counting/counted-stack.ts';
import { functionTime } from '../../bench/counting/function-time.ts';
import { inBurst } from '../../bench/load/pace.ts';
import type { BenchStack } from '../../bench/stack/bench-stack.ts';
import { until } from '../../tests/support/until.ts';
import { eachOperation, type Measurement, type Operations } from './operations.ts';

const senders = 64;
const text = '.'.repeat(200);

interface Author {
  room: string;
  token: string;
}

/**
 * Measures with stacks of its own, in a minute or two. `messages`: of the burst; of the other things a tenth as many, at most
 * 64. `npm run build` must have run.
 */
export async function measure(messages: number): Promise<Measurement> {
  const people = await withStack(timers, (counted) => measurePeople(counted, messages));
  return { ...people, sweep: await measureTimer('sweep'), prune: await measureTimer('prune') };
}

const timers = ['sweep', 'prune'];

/** A stack without the timers `stopped`. */
async function withStack<T>(stopped: string[], act: (counted: CountedStack) => Promise<T>): Promise<T> {
  const switches = Object.fromEntries(stopped.map((name) => [`AzureWebJobs.${name}.Disabled`, 'true']));
  const counted = await startCountedStack({ LIMITS: 'on', ...switches });
  try {
    return await act(counted);
  } finally {
    await counted.stop();
  }
}

/** One run of a timer with nothing to do. */
function measureTimer(name: string): Promise<Operations> {
  const others = timers.filter((other) => other !== name);
  return withStack(others, async (counted) => {
    // One runs as the stack starts.
    await quiet(counted.take);
    const { length } = functionTime(counted.stack.data, [], 0);
    const { each } = await cost(counted, 1, () => runTimer(counted.stack, name));
    // Its schedule may have come in between.
    const runs = functionTime(counted.stack.data, [name], length).time.invocations;
    return eachOperation((operation) => rounded(each[operation] / runs));
  });
}

async function measurePeople(
  counted: CountedStack,
  messages: number,
): Promise<Omit<Measurement, 'sweep' | 'prune'>> {
  const { stack } = counted;
  const one = Math.min(senders, Math.ceil(messages / 10));
  const [room = ''] = await stack.seed.rooms(1);
  const people = await stack.seed.members(room, senders + 3 * one);
  const tokens = await Promise.all(people.map((person) => stack.token(person)));
  const authors = tokens.slice(0, senders).map((token) => ({ room, token }));
  // Who was not there yet has no lease of the limits and is in no cache, as after a pause that stopped the instance.
  const fresh = tokens.slice(senders).map((token) => ({ room, token }));
  const [writers, readers, visitors] = [0, 1, 2].map((part) => fresh.slice(part * one, (part + 1) * one));
  const say = ({ token }: Author): Promise<void> => stack.publish(token, room, text);

  await inBurst(2 * senders, senders, (number) => say(authors[number % senders]!));
  const burst = await cost(counted, messages, () =>
    inBurst(messages, senders, (number) => say(authors[number % senders]!)),
  );
  const idle = await cost(counted, one, async (seen) => {
    for (const [index, author] of writers!.entries()) {
      await say(author);
      await until(() => seen().pubSubCalls > index, { what: 'the push of a message' });
    }
  });
  const head = 2 * senders + messages + one;
  const read = await cost(counted, one, () => oneByOne(readers!, (author) => markRead(stack, author, head)));
  const visit = await cost(counted, one, () => oneByOne(visitors!, (author) => visitRoom(stack, author)));
  return {
    date: new Date().toISOString().slice(0, 10),
    messages,
    idle: idle.each,
    burst: burst.each,
    burstBatch: rounded(messages / burst.sum.tables.appends),
    read: read.each,
    visit: visit.each,
    envelope: Math.round(idle.sum.pubSubBytes / one) - text.length,
  };
}

/** Does `count` of a thing and says what each of them cost. `act` may ask what was seen so far. */
async function cost(
  { stack, take }: CountedStack,
  count: number,
  act: (seen: () => Count) => Promise<void>,
): Promise<{ each: Operations; sum: Count }> {
  await quiet(take);
  const { length } = functionTime(stack.data, [], 0);
  const sum = take();
  const seen = (): Count => add(sum, take());
  await act(seen);
  add(sum, await quiet(take));
  const runs = (...names: string[]): number => functionTime(stack.data, names, length).time.invocations;
  const events = runs('webpubsub-events');
  const totals: Operations = {
    busSent: sum.busSent,
    busReceived: sum.busReceived,
    tableRequests: sum.tables.requests,
    tableEntities: sum.tables.entities,
    frames: sum.pubSubUnits,
    events,
    httpRuns: events + runs('publish', 'read-mark', 'negotiate', 'my-rooms', 'messages-list'),
    routeRuns: runs('route'),
  };
  return { each: eachOperation((name) => rounded(totals[name] / count)), sum };
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

/** What was counted until a second had brought nothing. */
async function quiet(take: CountedStack['take']): Promise<Count> {
  const sum = take();
  for (;;) {
    await wait(1_000);
    const more = take();
    add(sum, more);
    if (more.busReceived + more.pubSubCalls + more.tables.requests === 0) return sum;
  }
}

function add(sum: Count, more: Count): Count {
  sum.busSent += more.busSent;
  sum.busReceived += more.busReceived;
  sum.pubSubCalls += more.pubSubCalls;
  sum.pubSubUnits += more.pubSubUnits;
  sum.pubSubBytes += more.pubSubBytes;
  sum.tables.requests += more.tables.requests;
  sum.tables.entities += more.tables.entities;
  sum.tables.appends += more.tables.appends;
  return sum;
}

async function oneByOne(authors: Author[], act: (author: Author) => Promise<void>): Promise<void> {
  for (const author of authors) await act(author);
}

async function markRead(stack: BenchStack, { room, token }: Author, seq: number): Promise<void> {
  await call(stack, `rooms/${room}/read`, token, { method: 'PUT', body: JSON.stringify({ seq }) });
}

async function visitRoom(stack: BenchStack, { room, token }: Author): Promise<void> {
  const connection = await stack.connect(token, {});
  await call(stack, 'me/rooms', token);
  await call(stack, `rooms/${room}/messages?limit=50`, token);
  const { length } = functionTime(stack.data, [], 0);
  connection.leave();
  await until(() => functionTime(stack.data, ['webpubsub-events'], length).time.invocations > 0, {
    what: 'the event that a connection is gone',
  });
}

async function call(stack: BenchStack, path: string, token: string, init: RequestInit = {}): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${stack.apis[0]}/${path}`, { ...init, headers });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function runTimer(stack: BenchStack, name: string): Promise<void> {
  const address = stack.apis[0]!.replace(/\/api$/, `/admin/functions/${name}`);
  const { length } = functionTime(stack.data, [], 0);
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(address, { method: 'POST', headers, body: '{}' });
  if (!answer.ok) throw new Error(`${name} answered ${answer.status}`);
  await until(() => functionTime(stack.data, [name], length).time.invocations, { what: name });
}
