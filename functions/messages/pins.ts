/** Pinned messages: what a room's moderators want everybody in it to find. */
import type { Message } from '../../contract/messages.ts';
import { roomGroup } from '../../contract/names.ts';
import { limits } from '../../contract/rooms.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember } from '../membership/access.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { pushToGroup } from '../realtime/push.ts';
import { onLog } from './log.ts';
import { readPins, writePin } from './pins-store.ts';
import { requireMessage } from './removal.ts';
import { readMessages } from './store.ts';

interface Target {
  roomId: string;
  seq: number;
}

/** The pinned messages of a room in the order of their numbers, for its members, as far back as they may read. */
export async function listPins(principal: Principal, roomId: string): Promise<Message[]> {
  const { first } = await requireMember('list_pins', principal, roomId);
  const pins = (await readPins(roomId)).filter((seq) => seq >= first);
  return (await Promise.all(pins.map((seq) => readMessages(roomId, seq, seq)))).flat();
}

/** Pins a message, for moderators. Throws `message_not_found`, `too_many_pins`, and what `requireMember` throws. */
export async function pin(principal: Principal, target: Target): Promise<void> {
  await change(principal, target, async (pins) => {
    const { removed_at } = await requireMessage(target.roomId, target.seq);
    if (removed_at !== undefined) throw new ProblemError('message_not_found', 'This message was removed.');
    if (pins.includes(target.seq)) return undefined;
    if (pins.length >= limits.pins) {
      throw new ProblemError(
        'too_many_pins',
        `A room has at most ${limits.pins} pinned messages. Unpin one.`,
      );
    }
    return { action: 'message_pinned', pinned_at: clock.now().toISOString() };
  });
}

/** Takes a pin away, for moderators; one that is not there is no error. */
export async function unpin(principal: Principal, target: Target): Promise<void> {
  await change(principal, target, (pins) =>
    Promise.resolve(pins.includes(target.seq) ? { action: 'message_unpinned' } : undefined),
  );
}

type Decided = { action: 'message_pinned' | 'message_unpinned'; pinned_at?: string } | undefined;

async function change(
  principal: Principal,
  { roomId, seq }: Target,
  decide: (pins: number[]) => Promise<Decided>,
): Promise<void> {
  await requireMember('pin_message', principal, roomId);
  const changed = await onLog(roomId, async (log) => {
    const decided = await decide(await readPins(roomId));
    if (!decided) return false;
    const { action, pinned_at } = decided;
    const act = { action, by: principal.user_id, by_name: principal.name, details: { seq } };
    await writePin(roomId, log, { seq, act, ...(pinned_at !== undefined && { pinned_at }) });
    return true;
  });
  if (changed) await pushToGroup(roomGroup(roomId), { type: 'pins_changed', room_id: roomId });
}
