import { describe, expect, it } from 'vitest';
import { dayLabel, exactTime } from '../../../web/conversation/times.ts';

describe('days as people say them', () => {
  const now = new Date(2026, 10, 23, 14, 0);
  const at = (...date: [number, number, number, number]): string => new Date(...date).toISOString();

  it.each([
    [at(2026, 10, 23, 0), 'Today'],
    [at(2026, 10, 22, 23), 'Yesterday'],
    [at(2026, 10, 21, 1), 'Saturday'],
    [at(2026, 10, 17, 12), 'Tuesday'],
    [at(2026, 10, 16, 12), 'Monday, November 16'],
    [at(2025, 10, 23, 12), 'November 23, 2025'],
  ])('%s is %s', (time, label) => {
    expect(dayLabel(time, now)).toBe(label);
  });

  it('counts days, not hours, over the change of summer time', () => {
    expect(dayLabel(at(2026, 9, 25, 0), new Date(2026, 9, 26, 0, 30))).toBe('Yesterday');
    expect(dayLabel(at(2026, 2, 28, 23), new Date(2026, 2, 29, 23, 30))).toBe('Yesterday');
  });

  it('says the exact time with its day', () => {
    expect(exactTime(at(2026, 10, 23, 14))).toMatch(/^Monday, November 23, 2026 at .+/);
  });
});
