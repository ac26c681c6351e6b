/** Creating, changing, leaving and deleting a room. */
import { useState } from 'react';
import { useNavigate, useLocation } from 'react-router';
import type { ChangeRoomBody } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { showToast } from '../ui/toast.tsx';
import { countOf, explain } from '../words.ts';
import { RoomForm, SlowMode, type RoomText } from './room-form.tsx';

const blank = { description: '', kind: 'open', history: 'all', slow_mode_seconds: 0 } as const;

export function CreateRoomDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const client = useClient();
  const navigate = useNavigate();
  return (
    <Dialog title="Create a room" onClose={onClose}>
      <RoomForm
        initial={{ ...blank, name }}
        submitLabel="Create Room"
        onCancel={onClose}
        onSubmit={async ({ slow_mode_seconds: _none, ...text }) => {
          const room = await client.createRoom(text);
          onClose();
          await navigate(`/rooms/${room.id}`);
        }}
      />
    </Dialog>
  );
}

interface RoomDialogProps {
  roomId: string;
  onClose: () => void;
}

/** The owner changes everything, a moderator how often one may write. */
export function EditRoomDialog({ roomId, onClose }: RoomDialogProps) {
  const client = useClient();
  const room = useChat((state) => state.rooms[roomId]);
  const isOwner = useChat((state) => state.memberships[roomId]?.role === 'owner');
  const [initial] = useState(room);
  if (initial === undefined) return null;
  const change = async (text: Partial<RoomText>): Promise<void> => {
    const changed = Object.entries(text).filter(([part, value]) => initial[part as keyof RoomText] !== value);
    if (changed.length > 0) await client.changeRoom(roomId, Object.fromEntries(changed) as ChangeRoomBody);
    onClose();
  };
  return (
    <Dialog title="Room settings" onClose={onClose}>
      {isOwner ? (
        <RoomForm initial={initial} submitLabel="Save" existing onCancel={onClose} onSubmit={change} />
      ) : (
        <SlowModeForm initial={initial.slow_mode_seconds} onCancel={onClose} onSubmit={change} />
      )}
    </Dialog>
  );
}

interface SlowModeFormProps {
  initial: number;
  onCancel: () => void;
  onSubmit: (change: Pick<RoomText, 'slow_mode_seconds'>) => Promise<void>;
}

function SlowModeForm({ initial, onCancel, onSubmit }: SlowModeFormProps) {
  const [seconds, setSeconds] = useState(initial);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    await onSubmit({ slow_mode_seconds: seconds }).catch((failure: unknown) => {
      showToast(explain(failure), 'bad');
      setBusy(false);
    });
  };
  return (
    <>
      <SlowMode seconds={seconds} onChange={setSeconds} />
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="primary" busy={busy} onClick={() => void save()}>
          Save
        </Button>
      </DialogActions>
    </>
  );
}

/** Out of a room that one cannot simply join again. */
export function LeaveRoomDialog({ roomId, onClose }: RoomDialogProps) {
  const client = useClient();
  const room = useChat((state) => state.rooms[roomId]);
  const isOwner = useChat((state) => state.memberships[roomId]?.role === 'owner');
  const [kept] = useState(room);
  if (kept === undefined) return null;
  return (
    <ConfirmDialog
      title={`Leave ${kept.name}?`}
      confirm="Leave room"
      onClose={onClose}
      onConfirm={() => client.leave(roomId)}
    >
      {kept.member_count <= 1 ? (
        <p>Nobody else is in it: with you the room goes, with all of its messages.</p>
      ) : (
        <p>
          {kept.kind === 'private'
            ? 'It is a private room: you come back only if somebody invites you.'
            : 'You come back when a moderator lets you in again.'}
          {isOwner && ' The moderator who was appointed first becomes its owner.'}
        </p>
      )}
    </ConfirmDialog>
  );
}

export function DeleteRoomDialog({ roomId, onClose }: RoomDialogProps) {
  const client = useClient();
  const navigate = useNavigate();
  const location = useLocation();
  const room = useChat((state) => state.rooms[roomId]);
  const [kept] = useState(room);
  if (kept === undefined) return null;
  const others = Math.max(0, kept.member_count - 1);
  return (
    <ConfirmDialog
      title={`Delete ${kept.name}?`}
      confirm="Delete Room"
      onClose={onClose}
      onConfirm={async () => {
        await client.deleteRoom(roomId);
        if (location.pathname === `/rooms/${roomId}`) await navigate('/', { replace: true });
        showToast(`${kept.name} was deleted`);
      }}
    >
      <p>
        The room and all of its messages disappear for everybody
        {others > 0 && `, you and ${countOf(others, 'other member')}`}. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
