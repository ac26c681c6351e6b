/**
 * Time for the broker, wrapped once: what hour it is, and being woken at one. Tests put a clock of their own here.
 */

/** Milliseconds since 1970, and alarms on them. */
export interface Clock {
  now(): number;
  /** A new alarm, not set yet, that calls `ring` when its time has come. */
  alarm(ring: () => void): Alarm;
}

export interface Alarm {
  /** Rings at `time`, instead of at any time set before; never where `undefined`. */
  set(time: number | undefined): void;
}

// A timer of more than 2^31 ms fires at once: a message may live longer than that.
const longestTimer = 3_600_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  alarm(ring) {
    let timer: NodeJS.Timeout | undefined;
    const set = (time: number | undefined) => {
      clearTimeout(timer);
      if (time === undefined) return;
      const left = time - Date.now();
      timer =
        left > longestTimer ? setTimeout(() => set(time), longestTimer) : setTimeout(ring, Math.max(0, left));
    };
    return { set };
  },
};
