/** Times as people say them: the clock by the reader's own habit, days in the language of the page. Pure. */

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const exactFormat = new Intl.DateTimeFormat('en', { dateStyle: 'full' });
const secondsFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const weekdayFormat = new Intl.DateTimeFormat('en', { weekday: 'long' });
const dayFormat = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const dateFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' });

/** "14:05" or "2:05 PM". */
export function clock(time: string): string {
  return clockFormat.format(new Date(time));
}

/** "Monday, November 23, 2026 at 14:05:09", for the tooltip and for screen readers. */
export function exactTime(time: string): string {
  const date = new Date(time);
  return `${exactFormat.format(date)} at ${secondsFormat.format(date)}`;
}

/** "Today", "Yesterday", "Friday" within a week, then the date; the year only where it is another one. */
export function dayLabel(time: string, now: Date = new Date()): string {
  const date = new Date(time);
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days > 1 && days < 7) return weekdayFormat.format(date);
  return date.getFullYear() === now.getFullYear() ? dayFormat.format(date) : dateFormat.format(date);
}

/** "today at 14:05", "on Friday, November 27 at 14:05": a moment to come, within a sentence. */
export function momentLabel(time: string, now: Date = new Date()): string {
  const date = new Date(time);
  // What has no end is written as one that nobody lives to see.
  if (date.getFullYear() > 9000) return 'when a moderator lets you';
  const days = Math.round((midnight(date) - midnight(now)) / 86_400_000);
  if (days === 0) return `today at ${clock(time)}`;
  if (days === 1) return `tomorrow at ${clock(time)}`;
  return `on ${dayFormat.format(date)} at ${clock(time)}`;
}

/** "November 23, 2026". */
export function dateLabel(time: string): string {
  return dateFormat.format(new Date(time));
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
