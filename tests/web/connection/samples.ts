/** Messages and rooms of made-up people, for tests of the data layer. */
import type { Message } from '../../../contract/messages.ts';
import type { Room } from '../../../contract/rooms.ts';

export const roomId = '0190a000-0000-7000-8000-0000000000aa';

export function messageOf(seq: number, more: Partial<Message> = {}): Message {
  return {
    type: 'message',
    message_id: `0190a000-0000-7000-8000-${String(seq).padStart(12, '0')}`,
    seq,
    room_id: roomId,
    room_name: 'Quay',
    content: `message ${seq}`,
    sender: 'somebody',
    sender_name: 'Somebody',
    timestamp: new Date(1_800_000_000_000 + seq * 1_000).toISOString(),
    ...more,
  };
}

export function roomOf(name: string, more: Partial<Room> = {}): Room {
  return {
    id: `id of ${name}`,
    name,
    description: '',
    kind: 'open',
    history: 'all',
    slow_mode_seconds: 0,
    owner: 'somebody',
    created_by: 'somebody',
    created_at: '2026-01-01T00:00:00.000Z',
    member_count: 1,
    version: 1,
    ...more,
  };
}
