/** Leaving by a menu or the list: at once where one can simply come back, after a question where not. */
import type { Room } from '../../contract/rooms.ts';
import type { ChatClient } from '../connection/model.ts';
import { openDialog } from '../dialogs.ts';
import { showToast } from '../ui/toast.tsx';
import { explain } from '../words.ts';

export function leaveRoom(client: ChatClient, { id, kind }: Room): void {
  if (kind !== 'open') openDialog({ kind: 'leave_room', roomId: id });
  else client.leave(id).catch((failure: unknown) => showToast(explain(failure), 'bad'));
}
