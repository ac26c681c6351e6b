/** The kinds of rooms in words and signs: the same in the form, the list and the details. */
import { DoorClosed, Globe, Lock } from 'lucide-react';
import type { RoomKind } from '../../contract/rooms.ts';

export const roomKinds: Record<RoomKind, { label: string; about: string; Icon: typeof Lock }> = {
  open: { label: 'Open', about: 'In the list; anybody joins.', Icon: Globe },
  by_request: { label: 'By request', about: 'In the list; a moderator lets people in.', Icon: DoorClosed },
  private: { label: 'Private', about: 'Not in the list; by invitation only.', Icon: Lock },
};

/** The sign of a room that not everybody may join, beside its name; nothing for an open one. */
export function KindMark({ kind, size = 14 }: { kind: RoomKind; size?: number }) {
  if (kind === 'open') return null;
  const { label, Icon } = roomKinds[kind];
  return (
    <>
      <Icon size={size} strokeWidth={2.25} aria-hidden="true" />
      <span className="visually-hidden">, {label.toLowerCase()}</span>
    </>
  );
}
