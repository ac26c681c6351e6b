/** Ten thousand people in 500 rooms: whether everybody gets everything while the rooms talk, how late, and the memory. */
import { setTimeout as wait } from 'node:timers/promises';
import { markedText } from '../load/marks.ts';
import { atPace, inBurst } from '../load/pace.ts';
import type { Subscriber } from '../load/subscriber.ts';
import { usageOf, type Usage } from '../processes/usage.ts';
import { median, quantile } from '../quantiles.ts';
import type { Run } from '../section.ts';
import { BenchStack, servingParts } from '../stack/bench-stack.ts';
import { digits, type Table } from '../table.ts';

interface Sizes {
  rooms: number;
  perRoom: number;
  seconds: number;
}

const perSecond = 50;
/** Handshakes at a time: each makes the service ask the functions twice. */
const atATime = 32;
const acknowledgeEvery = 1_000;
const patience = 30_000;

interface Crowd {
  subscribers: Subscriber[];
  /** An author of each room. */
  authors: { room: string; token: string }[];
}

/** What arrives, by number of message. */
class Arrivals {
  readonly sentAt: number[] = [];
  readonly delays: number[] = [];
  readonly #counts = new Map<number, number>();

  hear(number: number): void {
    const sentAt = this.sentAt[number];
    if (sentAt === undefined) return;
    this.delays.push(performance.now() - sentAt);
    this.#counts.set(number, (this.#counts.get(number) ?? 0) + 1);
  }

  /** Deliveries of the first `messages` that are missing, and that are too many. */
  check(messages: number, wanted: number): { lost: number; doubled: number } {
    const differences = Array.from(
      { length: messages },
      (_, number) => (this.#counts.get(number) ?? 0) - wanted,
    );
    return {
      lost: -differences.filter((each) => each < 0).reduce((sum, each) => sum + each, 0),
      doubled: differences.filter((each) => each > 0).reduce((sum, each) => sum + each, 0),
    };
  }
}

export async function crowd({ quick, say }: Run): Promise<Table[]> {
  const sizes: Sizes = quick
    ? { rooms: 50, perRoom: 20, seconds: 10 }
    : { rooms: 500, perRoom: 20, seconds: 60 };
  const { rooms, perRoom, seconds } = sizes;
  const stack = await BenchStack.start();
  const before = usages(stack);
  const arrivals = new Arrivals();
  const began = performance.now();
  const { subscribers, authors } = await gather(stack, sizes, { arrivals, say });
  const ramp = (performance.now() - began) / 1_000;
  const acknowledging = setInterval(() => {
    for (const subscriber of subscribers) subscriber.acknowledge();
  }, acknowledgeEvery);
  await wait(3_000);

  const messages = perSecond * seconds;
  say(`${messages} messages, ${perSecond} a second`);
  const cpuBefore = usages(stack);
  await atPace(messages, perSecond, async (number) => {
    const { room, token } = authors[number % authors.length]!;
    arrivals.sentAt[number] = performance.now();
    await stack.publish(token, room, markedText(number, 200));
  });
  const due = messages * perRoom;
  for (let waited = 0; arrivals.delays.length < due && waited < patience; waited += 100) await wait(100);
  // What is doubled may come late.
  await wait(2_000);
  clearInterval(acknowledging);
  const { lost, doubled } = arrivals.check(messages, perRoom);
  const after = usages(stack);
  const closed = subscribers.filter(({ isClosed }) => isClosed).length;
  for (const subscriber of subscribers) subscriber.close();
  await stack.stop();

  return [
    {
      title: `crowd: ${digits(rooms * perRoom)} people connected, ${rooms} rooms of ${perRoom}, ${perSecond} messages a second for ${seconds} s`,
      head: [
        'deliveries',
        'lost',
        'doubled',
        'p50 ms',
        'p99 ms',
        'connections lost',
        'asked to repeat',
        'connecting s',
      ],
      rows: [
        [
          due,
          lost,
          doubled,
          median(arrivals.delays),
          quantile(arrivals.delays, 0.99),
          closed,
          stack.repeats,
          ramp,
        ],
      ],
    },
    {
      title: 'crowd: by process',
      head: ['process', 'MiB before anybody came', 'MiB at the end', 'CPU while they talk'],
      rows: servingParts.map((part) => [
        part,
        mebibytes(before[part]),
        mebibytes(after[part]),
        `${digits((after[part].cpuMilliseconds - cpuBefore[part].cpuMilliseconds) / seconds / 10)} %`,
      ]),
    },
  ];
}

async function gather(
  stack: BenchStack,
  { rooms, perRoom }: Sizes,
  { arrivals, say }: { arrivals: Arrivals; say: Run['say'] },
): Promise<Crowd> {
  const ids = await stack.seed.rooms(rooms);
  const tokens: string[] = [];
  const authors: Crowd['authors'] = [];
  for (const room of ids) {
    const members = await stack.seed.members(room, perRoom);
    for (const member of members) tokens.push(await stack.token(member));
    authors.push({ room, token: tokens.at(-1)! });
  }
  say(`${tokens.length} people come`);
  const subscribers: Subscriber[] = [];
  const mark = (number: number): void => arrivals.hear(number);
  await inBurst(tokens.length, atATime, async (index) => {
    subscribers.push(await stack.connect(tokens[index]!, { mark }));
    if (subscribers.length % 1_000 === 0) say(`${subscribers.length} are there`);
  });
  return { subscribers, authors };
}

type Usages = Record<(typeof servingParts)[number], Usage>;

const usages = (stack: BenchStack): Usages =>
  Object.fromEntries(servingParts.map((part) => [part, usageOf(...stack.pids(part))])) as Usages;

const mebibytes = ({ residentBytes }: Usage): number => residentBytes / 2 ** 20;
