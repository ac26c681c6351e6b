/** Creating, changing and deleting a room. */
import { useState } from 'react';
import { useNavigate, useLocation } from 'react-router';
import { useChat, useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { showToast } from '../ui/toast.tsx';
import { countOf, explain } from '../words.ts';
import { RoomForm } from './room-form.tsx';
import css from './room-form.module.css';

export function CreateRoomDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const client = useClient();
  const navigate = useNavigate();
  return (
    <Dialog title="Create a room" onClose={onClose}>
      <RoomForm
        initial={{ name, description: '' }}
        submitLabel="Create Room"
        onCancel={onClose}
        onSubmit={async (text) => {
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

export function EditRoomDialog({ roomId, onClose }: RoomDialogProps) {
  const client = useClient();
  const room = useChat((state) => state.rooms[roomId]);
  const [initial] = useState(room);
  if (initial === undefined) return null;
  return (
    <Dialog title="Name and description" onClose={onClose}>
      <RoomForm
        initial={initial}
        submitLabel="Save"
        onCancel={onClose}
        onSubmit={async ({ name, description }) => {
          await client.changeRoom(roomId, {
            ...(name !== initial.name && { name }),
            ...(description !== initial.description && { description }),
          });
          onClose();
        }}
      />
    </Dialog>
  );
}

export function DeleteRoomDialog({ roomId, onClose }: RoomDialogProps) {
  const client = useClient();
  const navigate = useNavigate();
  const location = useLocation();
  const room = useChat((state) => state.rooms[roomId]);
  const [kept] = useState(room);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  if (kept === undefined) return null;
  const others = Math.max(0, kept.member_count - 1);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.deleteRoom(roomId);
      onClose();
      if (location.pathname === `/rooms/${roomId}`) await navigate('/', { replace: true });
      showToast(`${kept.name} was deleted`);
    } catch (failure) {
      setError(explain(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Delete ${kept.name}?`} onClose={onClose}>
      <p>
        The room and all of its messages disappear for everybody
        {others > 0 && `, you and ${countOf(others, 'other member')}`}. This cannot be undone.
      </p>
      <p role="alert" className={css['error']}>
        {error}
      </p>
      <DialogActions>
        <Button data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button look="danger" busy={busy} onClick={() => void remove()}>
          Delete Room
        </Button>
      </DialogActions>
    </Dialog>
  );
}
