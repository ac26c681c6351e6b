/** Shows the dialog that is open, whichever part of the page opened it. */
import { lazy } from 'react';
import { useStore } from 'zustand';
import { closeDialog, openDialogs, type OpenDialog } from '../dialogs.ts';
import { Late } from '../ui/late.tsx';
import { SignOutDialog } from '../session/sign-out-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

const roomDialogs = () => import('../rooms/room-dialogs.tsx');
const CreateRoomDialog = lazy(async () => ({ default: (await roomDialogs()).CreateRoomDialog }));
const EditRoomDialog = lazy(async () => ({ default: (await roomDialogs()).EditRoomDialog }));
const DeleteRoomDialog = lazy(async () => ({ default: (await roomDialogs()).DeleteRoomDialog }));
const LeaveRoomDialog = lazy(async () => ({ default: (await roomDialogs()).LeaveRoomDialog }));
const ProfileDialog = lazy(async () => ({
  default: (await import('../session/profile-dialog.tsx')).ProfileDialog,
}));
const KeysDialog = lazy(async () => ({ default: (await import('../session/keys-dialog.tsx')).KeysDialog }));
const InviteDialog = lazy(async () => ({
  default: (await import('../moderation/invite-dialog.tsx')).InviteDialog,
}));
const ModerationDialog = lazy(async () => ({
  default: (await import('../moderation/moderation-dialog.tsx')).ModerationDialog,
}));
const ActOnMemberDialog = lazy(async () => ({
  default: (await import('../moderation/act-dialogs.tsx')).ActOnMemberDialog,
}));
const HandOverDialog = lazy(async () => ({
  default: (await import('../moderation/act-dialogs.tsx')).HandOverDialog,
}));
const ActOnMessageDialog = lazy(async () => ({
  default: (await import('../moderation/message-dialogs.tsx')).ActOnMessageDialog,
}));

export function Dialogs() {
  const dialog = useStore(openDialogs, (state) => state.dialog);
  // Mounted anew for each: one that could not be loaded is tried again.
  return (
    <Late key={dialog?.kind} onFail={closeDialog}>
      {dialog !== undefined && <OneDialog dialog={dialog} />}
    </Late>
  );
}

function OneDialog({ dialog }: { dialog: OpenDialog }) {
  switch (dialog.kind) {
    case 'create_room':
      return <CreateRoomDialog name={dialog.name} onClose={closeDialog} />;
    case 'edit_room':
      return <EditRoomDialog roomId={dialog.roomId} onClose={closeDialog} />;
    case 'delete_room':
      return <DeleteRoomDialog roomId={dialog.roomId} onClose={closeDialog} />;
    case 'leave_room':
      return <LeaveRoomDialog roomId={dialog.roomId} onClose={closeDialog} />;
    case 'sign_out':
      return <SignOutDialog onClose={closeDialog} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={closeDialog} />;
    case 'act_on_member':
      return <ActOnMemberDialog {...dialog} onClose={closeDialog} />;
    case 'hand_over':
      return <HandOverDialog {...dialog} onClose={closeDialog} />;
    case 'act_on_message':
      return <ActOnMessageDialog {...dialog} onClose={closeDialog} />;
    case 'invite':
      return <InviteDialog roomId={dialog.roomId} onClose={closeDialog} />;
    case 'moderation':
      return <ModerationDialog roomId={dialog.roomId} part={dialog.part} onClose={closeDialog} />;
    case 'keys':
      return <KeysDialog onClose={closeDialog} />;
    case 'profile':
      return <ProfileDialog onClose={closeDialog} />;
  }
}
