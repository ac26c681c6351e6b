/**
 * Which dialog is open. Rooms, the conversation and the keyboard all open the same ones; `app/dialogs.tsx` shows
 * them. One at a time: a dialog never opens another over itself.
 */
import { createStore } from 'zustand/vanilla';

export type OpenDialog =
  | { kind: 'create_room'; name: string }
  | { kind: 'edit_room'; roomId: string }
  | { kind: 'delete_room'; roomId: string }
  | { kind: 'leave_room'; roomId: string }
  | { kind: 'act_on_member'; act: 'remove' | 'ban' | 'mute'; roomId: string; userId: string; name: string }
  | { kind: 'hand_over'; roomId: string; userId: string; name: string }
  | {
      kind: 'act_on_message';
      act: 'remove' | 'report';
      roomId: string;
      seq: number;
      senderName: string;
      content: string;
    }
  | { kind: 'invite'; roomId: string }
  | { kind: 'moderation'; roomId: string; part: 'requests' | 'reports' | 'bans' | 'mutes' | 'audit' }
  | { kind: 'keys' }
  | { kind: 'sign_out' }
  | { kind: 'profile' }
  | { kind: 'shortcuts' };

export const openDialogs = createStore<{ dialog: OpenDialog | undefined }>(() => ({ dialog: undefined }));

export function openDialog(dialog: OpenDialog): void {
  openDialogs.setState({ dialog });
}

export function closeDialog(): void {
  openDialogs.setState({ dialog: undefined });
}
