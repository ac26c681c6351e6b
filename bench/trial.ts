/**
 * One server under load: its subscribers, what they receive, and what was measured. Trials of several servers run by
 * turns, so that whatever else the machine does falls on all of them.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../tests/support/until.ts';
import { markedText } from './load/marks.ts';
import { atPace, inBurst } from './load/pace.ts';
import type { Subscriber } from './load/subscriber.ts';
import { subscribeAll, type Peer } from './peers/peer.ts';
import { median, quantile } from './quantiles.ts';

/** Bytes of a message's text. */
const textLength = 200;

export interface Plan {
  subscribers: number;
  /** `frames`: a frame is a message, and nothing is read. `marks`: for servers that join messages in a frame. */
  countBy: 'frames' | 'marks';
  /** Messages of a burst, and how many wait for their answer at a time. */
  burst: number;
  senders: number;
  /** Messages at a steady pace in each round. */
  paced: number;
  perSecond: number;
  rounds: number;
}

export interface Measured {
  title: string;
  /** µs of the server's CPU per delivery in a burst. */
  cpu: number;
  /** Deliveries a second from the first send to the last arrival. */
  rate: number;
  /** Milliseconds from before the send to the arrival. */
  p50: number;
  p99: number;
}

class Trial {
  readonly peer: Peer;
  readonly #plan: Plan;
  #subscribers: Subscriber[] = [];
  #received = 0;
  #bursts: { cpu: number; rate: number }[] = [];
  #delays: number[] = [];
  /** When the paced messages were sent, by number; empty in a burst. */
  #sentAt: number[] = [];

  constructor(peer: Peer, plan: Plan) {
    this.peer = peer;
    this.#plan = plan;
  }

  async open(): Promise<void> {
    const hear = (number: number): void => {
      this.#received += 1;
      const sentAt = this.#sentAt[number];
      if (sentAt !== undefined) this.#delays.push(performance.now() - sentAt);
    };
    // Frames are not read: the one that arrives is the last that was sent.
    const hearing =
      this.#plan.countBy === 'marks' ? { mark: hear } : { message: () => hear(this.#sentAt.length - 1) };
    this.#subscribers = await subscribeAll(this.peer, this.#plan.subscribers, hearing);
    // The compiler of a fresh server is busy; the first messages would pay for it.
    await this.#receive(100, () => inBurst(100, this.#plan.senders, (number) => this.#publish(number)));
    await wait(1_000);
  }

  async paced(): Promise<void> {
    const { paced, perSecond } = this.#plan;
    await this.#receive(paced, () =>
      atPace(paced, perSecond, (number) => {
        this.#sentAt[number] = performance.now();
        return this.#publish(number);
      }),
    );
    this.#sentAt = [];
  }

  async burst(): Promise<void> {
    const { burst, senders } = this.#plan;
    const deliveries = burst * this.#subscribers.length;
    const before = this.peer.usage().cpuMilliseconds;
    const began = performance.now();
    await this.#receive(burst, () => inBurst(burst, senders, (number) => this.#publish(number)));
    const seconds = (performance.now() - began) / 1_000;
    const used = this.peer.usage().cpuMilliseconds - before;
    this.#bursts.push({ cpu: (used * 1_000) / deliveries, rate: deliveries / seconds });
  }

  async close(): Promise<Measured> {
    for (const subscriber of this.#subscribers) subscriber.close();
    await this.peer.stop();
    return {
      title: this.peer.title,
      cpu: median(this.#bursts.map(({ cpu }) => cpu)),
      rate: median(this.#bursts.map(({ rate }) => rate)),
      p50: median(this.#delays),
      p99: quantile(this.#delays, 0.99),
    };
  }

  #publish(number: number): Promise<void> {
    return this.peer.publish(markedText(number, textLength));
  }

  /** Returns once every subscriber has what was sent. Throws where they get more. */
  async #receive(messages: number, send: () => Promise<void>): Promise<void> {
    const wanted = this.#received + messages * this.#subscribers.length;
    await send();
    await until(() => this.#received >= wanted, {
      what: `what ${this.peer.title} was sent`,
      interval: 2,
      timeout: 120_000,
    });
    if (this.#received > wanted) throw new Error(`${this.peer.title} sent more than it was given`);
  }
}

/** Measures servers side by side, and stops them. */
export async function compare(peers: Peer[], plan: Plan, say: (what: string) => void): Promise<Measured[]> {
  const trials = peers.map((peer) => new Trial(peer, plan));
  for (const trial of trials) {
    say(`${trial.peer.title}: ${plan.subscribers} subscribers come`);
    await trial.open();
  }
  for (let round = 1; round <= plan.rounds; round += 1) {
    say(`round ${round} of ${plan.rounds}`);
    for (const trial of trials) await trial.paced();
    for (const trial of trials) await trial.burst();
  }
  return Promise.all(trials.map((trial) => trial.close()));
}
