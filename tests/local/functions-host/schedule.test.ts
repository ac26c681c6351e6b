/** Schedules and lengths of time, as .NET writes them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTimeSpan, parseTimeSpan } from '../../../local/functions-host/time-span.ts';
import { retryDelay } from '../../../local/functions-host/timer/retry.ts';
import { parseSchedule } from '../../../local/functions-host/timer/schedule.ts';

const from = new Date('2026-11-23T10:07:30.500Z');

describe('a schedule', () => {
  it.each([
    ['*/5 * * * * *', '2026-11-23T10:07:35.000Z'],
    ['0 */5 * * * *', '2026-11-23T10:10:00.000Z'],
    ['0 5/15 * * * *', '2026-11-23T10:20:00.000Z'],
    ['0 30 9 * * 1-5', '2026-11-24T09:30:00.000Z'],
    ['0 0 0 * * Sun', '2026-11-29T00:00:00.000Z'],
    ['*/10 * * * *', '2026-11-23T10:10:00.000Z'],
    // Day of the month and day of the week must both fit.
    ['0 0 0 13 * 5', '2027-08-13T00:00:00.000Z'],
    ['00:00:30', '2026-11-23T10:08:00.500Z'],
    ['1.00:00:00', '2026-11-24T10:07:30.500Z'],
  ])('%s is next due at %s', (text, next) => {
    expect(parseSchedule(text, undefined).next(from)?.toISOString()).toBe(next);
  });

  it('is in the time zone of the settings', () => {
    const next = parseSchedule('0 0 12 * * *', 'Europe/Berlin').next(from);
    expect(next?.toISOString()).toBe('2026-11-23T11:00:00.000Z');
  });

  it.each(['', '* *', '61 * * * * *', '* * * * * * *', 'soon', '00:00:00'])('cannot be "%s"', (text) => {
    expect(() => parseSchedule(text, undefined)).toThrow(/the schedule '/);
  });

  it('always goes forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 41 }), fc.integer({ min: 1, max: 59 }), (time, step) => {
        const next = parseSchedule(`*/${step} * * * * *`, undefined).next(new Date(time));
        expect(next!.getTime()).toBeGreaterThan(time);
        expect(next!.getTime() - time).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});

describe('a length of time', () => {
  it.each([
    ['00:05:00', 300_000],
    ['1.02:03:04', 93_784_000],
    ['00:00:00.25', 250],
    ['01:30', 5_400_000],
    ['-00:00:01', -1_000],
  ])('%s is %i ms', (text, length) => {
    expect(parseTimeSpan(text)).toBe(length);
  });

  it.each(['', '5', '24:00:00', '00:60:00', '00:00:60', 'a:b:c', '0 * * * * *'])('is not "%s"', (text) => {
    expect(parseTimeSpan(text)).toBeUndefined();
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(parseTimeSpan(formatTimeSpan(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});

it('waits between attempts are fixed, or double up to a limit', () => {
  const fixed = { retryStrategy: 'fixedDelay', maxRetryCount: 3, delayInterval: { seconds: 2 } } as const;
  expect([0, 1, 5].map((count) => retryDelay(fixed, count))).toEqual([2_000, 2_000, 2_000]);
  const growing = {
    retryStrategy: 'exponentialBackoff',
    maxRetryCount: -1,
    minimumInterval: { seconds: 1 },
    maximumInterval: { seconds: 5 },
  } as const;
  expect([0, 1, 2, 3].map((count) => retryDelay(growing, count))).toEqual([1_000, 2_000, 4_000, 5_000]);
});
