/** Waiting for what can be observed, under a generous deadline, instead of sleeping. */
import { setTimeout as wait } from 'node:timers/promises';

interface UntilOptions {
  /** What is waited for, for the error. */
  what?: string | (() => string);
  /** Milliseconds. */
  timeout?: number;
  interval?: number;
}

/** Polls until `probe` answers something truthy, and answers that. What it throws counts as not yet. */
export async function until<T>(
  probe: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<NonNullable<T>> {
  const { what = 'what the test waits for', timeout = 60_000, interval = 20 } = options;
  const deadline = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(
        `Waited ${timeout} ms in vain for ${typeof what === 'function' ? what() : what}; last: ${String(last)}`,
      );
    await wait(interval);
  }
}
