/** Shows the dialog that is open, whichever part of the page opened it. */
import { useStore } from 'zustand';
import { closeDialog, openDialogs } from '../dialogs.ts';
import { CreateRoomDialog, DeleteRoomDialog, EditRoomDialog } from '../rooms/room-dialogs.tsx';
import { SignOutDialog } from '../session/sign-out-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

export function Dialogs() {
  const dialog = useStore(openDialogs, (state) => state.dialog);
  switch (dialog?.kind) {
    case 'create_room':
      return <CreateRoomDialog name={dialog.name} onClose={closeDialog} />;
    case 'edit_room':
      return <EditRoomDialog roomId={dialog.roomId} onClose={closeDialog} />;
    case 'delete_room':
      return <DeleteRoomDialog roomId={dialog.roomId} onClose={closeDialog} />;
    case 'sign_out':
      return <SignOutDialog onClose={closeDialog} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={closeDialog} />;
    case undefined:
      return null;
  }
}
