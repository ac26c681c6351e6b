/** `join` and `leave`, as they come over an open connection. */
import { clientEvents } from '../../contract/events.ts';
import { take } from '../limits/limits.ts';
import { check } from '../platform/http.ts';
import { nameOf } from '../presence/presence.ts';
import type { ClientEvent } from '../realtime/cloud-event.ts';
import { join, leave } from './membership.ts';

export async function onJoin({ userId, data }: ClientEvent): Promise<object> {
  const { room_id } = check(clientEvents.join, data);
  await take(userId, 'join');
  const { room, head } = await join({ user_id: userId, name: await nameOf(userId) }, room_id);
  return { type: 'room_joined', room, member_count: room.member_count, head };
}

export async function onLeave({ userId, data }: ClientEvent): Promise<object> {
  const { room_id } = check(clientEvents.leave, data);
  return { type: 'room_left', room_id, member_count: await leave(userId, room_id) };
}
