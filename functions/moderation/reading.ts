/** Whom a ban or a mute holds: read on its own, because membership asks and moderation asks membership. */
import { clock } from '../platform/clock.ts';
import { readRestriction, readRestrictions } from './store.ts';

/** Whether a restriction with this end holds now. */
export const holds = ({ until }: { until?: string | undefined }): boolean =>
  until === undefined || Date.parse(until) > clock.now().getTime();

export async function isBanned(roomId: string, userId: string): Promise<boolean> {
  const row = await readRestriction('ban', roomId, userId);
  return row !== undefined && holds(row);
}

/** Stands for an end that never comes. */
const never = '9999-12-31T23:59:59.999Z';

/** Until when somebody is muted, ISO 8601; '' where they are not. */
export async function mutedUntil(roomId: string, userId: string): Promise<string> {
  const row = await readRestriction('mute', roomId, userId);
  return row && holds(row) ? (row.until ?? never) : '';
}

/** Until when each of those is muted who are, ISO 8601, by user id. */
export async function mutesIn(roomId: string): Promise<Map<string, string>> {
  const rows = await readRestrictions('mute', roomId);
  return new Map(rows.filter(holds).map(({ user_id, until }) => [user_id, until ?? never]));
}
