/** A server under measurement, as the load client sees it: one room, subscribers, a way to publish. */
import type { Hearing, Subscriber } from '../load/subscriber.ts';
import { usageOf, type Usage } from '../processes/usage.ts';

export interface Peer {
  title: string;
  /** Opens one subscriber that is in the room when this returns. */
  subscribe(hearing: Hearing): Promise<Subscriber>;
  /** Sends one text to the room; throws where it is refused. */
  publish(text: string): Promise<void>;
  /** Of all its processes together. */
  usage(): Usage;
  stop(): Promise<void>;
}

/** So many handshakes at a time: more would fill the queue of a listening socket. */
const atATime = 50;

/** Opens `count` subscribers. */
export async function subscribeAll(peer: Peer, count: number, hearing: Hearing): Promise<Subscriber[]> {
  const all: Subscriber[] = [];
  while (all.length < count) {
    const more = Math.min(atATime, count - all.length);
    all.push(...(await Promise.all(Array.from({ length: more }, () => peer.subscribe(hearing)))));
  }
  return all;
}

export const usageOfProgram =
  (pid: number): (() => Usage) =>
  () =>
    usageOf(pid);
