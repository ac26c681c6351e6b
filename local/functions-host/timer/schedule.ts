/**
 * When a timer fires: an NCRONTAB expression of six fields (five are accepted), or a TimeSpan. Pure; it knows no
 * functions.
 */
import { Cron } from 'croner';
import { parseTimeSpan } from '../time-span.ts';

export interface Schedule {
  /** The first moment after `from`; undefined where there is none. */
  next(from: Date): Date | undefined;
  /** The real host's word for what kind of schedule it is. */
  adjustForDst: boolean;
}

/** Reads a schedule. Throws a sentence where the text is none. */
export function parseSchedule(text: string, timeZone: string | undefined): Schedule {
  const interval = parseTimeSpan(text);
  if (interval !== undefined) {
    if (interval <= 0) throw new Error(`the schedule '${text}' must be longer than nothing.`);
    return { next: (from) => new Date(from.getTime() + interval), adjustForDst: false };
  }
  const fields = text.trim().split(/\s+/);
  const pattern = fields.length === 5 ? ['0', ...fields].join(' ') : text;
  try {
    const cron = new Cron(pattern, {
      paused: true,
      mode: '6-part',
      timezone: timeZone ?? 'UTC',
      // NCRONTAB wants the day of the month and that of the week, where cron takes either; and it knows 5/15.
      domAndDow: true,
      sloppyRanges: true,
    });
    return { next: (from) => cron.nextRun(from) ?? undefined, adjustForDst: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the schedule '${text}' cannot be read: ${reason}`, { cause: error });
  }
}
