/** Shows the dialog that is open, whichever part of the page opened it. */
import { lazy } from 'react';
import { useStore } from 'zustand';
import { closeDialog, openDialogs, type OpenDialog } from '../dialogs.ts';
import { Late } from '../ui/late.tsx';
import {
  CreateRoomDialog,
  DeleteRoomDialog,
  EditRoomDialog,
  LeaveRoomDialog,
} from '../rooms/room-dialogs.tsx';
import { SignOutDialog } from '../session/sign-out-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

const ProfileDialog = lazy(async () => ({
  default: (await import('../session/profile-dialog.tsx')).ProfileDialog,
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
    case 'profile':
      return <ProfileDialog onClose={closeDialog} />;
  }
}
