/** Signing out forgets what has not been sent: that is asked first. */
import { useEffect } from 'react';
import { useChat, useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { countOf } from '../words.ts';

export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const unsent = useChat((state) =>
    Object.values(state.outbox).reduce((sum, messages) => sum + messages.length, 0),
  );
  const leave = (): void => {
    onClose();
    void client.signOut();
  };
  useEffect(() => {
    // What was on its way has arrived meanwhile: nothing is left to ask.
    if (unsent === 0) leave();
    // oxlint-disable-next-line react/exhaustive-deps -- once, when the last is sent
  }, [unsent]);
  return (
    <Dialog title="Sign out without sending?" onClose={onClose}>
      <p>{countOf(unsent, 'message')} of yours could not be sent yet. Signing out discards what is unsent.</p>
      <DialogActions>
        <Button data-autofocus onClick={onClose}>
          Stay
        </Button>
        <Button look="danger" onClick={leave}>
          Sign out
        </Button>
      </DialogActions>
    </Dialog>
  );
}
