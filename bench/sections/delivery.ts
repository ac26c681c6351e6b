/** Web PubSub alone beside a plain `ws` loop: what a delivery costs, how many there are, how late, how much memory. */
import { freePort } from '../../tests/support/ports.ts';
import { startWs } from '../peers/node-peers.ts';
import { subscribeAll, type Peer } from '../peers/peer.ts';
import { startWebPubSub } from '../peers/web-pubsub.ts';
import { collectGarbage } from '../processes/inspector.ts';
import type { Run } from '../section.ts';
import { digits, ratio, type Table } from '../table.ts';
import { compare, type Plan } from '../trial.ts';

type Start = (options: { node?: string[] }) => Promise<Peer>;

const starts: Start[] = [
  startWs,
  (options) => startWebPubSub('raw', options),
  (options) => startWebPubSub('json', options),
  (options) => startWebPubSub('reliable', options),
];

const rates = { countBy: 'frames', senders: 8, perSecond: 10 } as const;

export async function delivery({ quick, say }: Run): Promise<Table[]> {
  const plan: Plan = quick
    ? { ...rates, subscribers: 100, burst: 100, paced: 10, rounds: 2 }
    : { ...rates, subscribers: 1_000, burst: 100, paced: 10, rounds: 15 };
  const idle = quick ? 500 : 10_000;
  const peers = [];
  for (const start of starts) peers.push(await start({}));
  const measured = await compare(peers, plan, say);
  const memory: number[] = [];
  for (const [index, start] of starts.entries()) {
    say(`${measured[index]!.title}: ${idle} idle connections`);
    memory.push(await memoryOfIdle(start, idle));
  }
  const base = measured[0]!;
  return [
    {
      title: `delivery: one room, ${digits(plan.subscribers)} subscribers, 200-byte messages`,
      head: [
        'server',
        'CPU µs per delivery',
        '',
        'deliveries/s in a burst',
        '',
        'paced p50 ms',
        '',
        'p99 ms',
        '',
        'KiB per idle connection',
      ],
      rows: measured.map(({ title, cpu, rate, p50, p99 }, index) => [
        title,
        cpu,
        ratio(cpu, base.cpu),
        rate,
        ratio(rate, base.rate),
        p50,
        ratio(p50, base.p50),
        p99,
        ratio(p99, base.p99),
        memory[index]!,
      ]),
      notes: [
        `Burst: ${plan.burst} messages by ${plan.senders} senders, the median of ${plan.rounds} rounds. ` +
          `Paced: ${plan.paced * plan.rounds} messages, ${plan.perSecond} a second. ` +
          `Idle: ${digits(idle)} connections, after a garbage collection. Ratios are to plain ws.`,
      ],
    },
  ];
}

/** KiB that the server grows by for each connection that only stays. */
async function memoryOfIdle(start: Start, count: number): Promise<number> {
  const inspector = await freePort();
  const peer = await start({ node: [`--inspect=127.0.0.1:${inspector}`] });
  try {
    // The first connections load code, which is no cost of a connection.
    const first = await subscribeAll(peer, 50, {});
    await collectGarbage(inspector);
    const before = peer.usage().residentBytes;
    const all = await subscribeAll(peer, count, {});
    await collectGarbage(inspector);
    await collectGarbage(inspector);
    const after = peer.usage().residentBytes;
    for (const subscriber of [...first, ...all]) subscriber.close();
    return (after - before) / count / 1_024;
  } finally {
    await peer.stop();
  }
}
