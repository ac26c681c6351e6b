/** Numbers and times as the page writes them. */

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const numbers = new Intl.NumberFormat('en');

/** An ISO time as the time of day. */
export const time = (iso: string): string => clock.format(new Date(iso));

export const number = (value: number): string => numbers.format(value);

export function duration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** "1 member", "3 members". */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;
