/** How load comes: as fast as a number of senders can, or at a steady pace. */
import { setTimeout as wait } from 'node:timers/promises';

/** Does `count` things, at most `senders` at a time. */
export async function inBurst(
  count: number,
  senders: number,
  act: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: Math.min(senders, count) }, sender));
}

/** Begins `count` things at a steady pace, whatever each takes, and waits for all of them. */
export async function atPace(
  count: number,
  perSecond: number,
  act: (number: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const acts: Promise<void>[] = [];
  for (let number = 0; number < count; number += 1) {
    await wait(Math.max(0, began + (number * 1_000) / perSecond - performance.now()));
    acts.push(act(number));
  }
  await Promise.all(acts);
}
