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
    let due: number | undefined;
    const start = () => {
      const left = due! - Date.now();
      if (left > longestTimer) timer = setTimeout(start, longestTimer);
      else timer = setTimeout(onTime, Math.max(0, left));
    };
    const onTime = () => {
      due = undefined;
      ring();
    };
    return {
      set(time) {
        // Queues set their alarm after all that they do, mostly to the time that it has.
        if (time === due) return;
        clearTimeout(timer);
        due = time;
        if (due !== undefined) start();
      },
    };
  },
};
