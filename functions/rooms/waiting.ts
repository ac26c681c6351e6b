/** What waits in a room for a decision of its moderators: they are told on their open connections. */
import { findModerators } from '../membership/reading.ts';
import { pushToUser } from '../realtime/push.ts';
import { findRoom } from './rooms.ts';
import { waitingIn } from './store.ts';

/** Tells owner and moderators how many requests and reports wait. */
export async function tellWaiting(roomId: string): Promise<void> {
  const [room, moderators] = await Promise.all([findRoom(roomId), findModerators(roomId)]);
  if (room?.state !== 'open') return;
  const frame = { type: 'waiting', room_id: roomId, ...waitingIn(room) };
  await Promise.all(moderators.map((userId) => pushToUser(userId, frame)));
}
