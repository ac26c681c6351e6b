/** From `POST /publish` to the frame at a subscriber: our whole stack, durable and ordered, beside servers that keep nothing. */
import { startFastApi } from '../peers/fastapi.ts';
import { startHubbub } from '../peers/hubbub.ts';
import { startSocketIo, startWs } from '../peers/node-peers.ts';
import type { Peer } from '../peers/peer.ts';
import type { Run } from '../section.ts';
import { digits, ratio, type Table } from '../table.ts';
import { compare, type Plan } from '../trial.ts';

const rates = { countBy: 'marks', senders: 64, perSecond: 10 } as const;

export async function path({ quick, say }: Run): Promise<Table[]> {
  const plan: Plan = quick
    ? { ...rates, subscribers: 100, burst: 100, paced: 10, rounds: 1 }
    : { ...rates, subscribers: 1_000, burst: 400, paced: 50, rounds: 3 };
  const fastApi = await startFastApi();
  const peers: Peer[] = [await startHubbub(plan.subscribers), await startWs(), await startSocketIo()];
  if (fastApi) peers.push(fastApi);
  const measured = await compare(peers, plan, say);
  const ours = measured[0]!;
  return [
    {
      title: `path: POST /publish to the subscriber's frame, ${digits(plan.subscribers)} subscribers, 200-byte messages`,
      head: [
        'server',
        'paced p50 ms',
        'ours to it',
        'p99 ms',
        'ours to it',
        'deliveries/s in a burst',
        'ours to it',
        'CPU µs per delivery',
      ],
      rows: measured.map(({ title, p50, p99, rate, cpu }) => [
        title,
        p50,
        ratio(ours.p50, p50),
        p99,
        ratio(ours.p99, p99),
        rate,
        ratio(ours.rate, rate),
        cpu,
      ]),
      notes: [
        `Paced: ${plan.paced * plan.rounds} messages, ${plan.perSecond} a second. Burst: ${plan.burst} messages by ` +
          `${plan.senders} senders, the median of ${plan.rounds} rounds. CPU is of all processes of a server.`,
        ...(fastApi ? [] : ['FastAPI is left out: no Python here has fastapi, uvicorn and websockets.']),
      ],
    },
  ];
}
