/** `?` shows all keys, wherever one is not writing. */
import { useEffect } from 'react';
import { openDialog } from '../dialogs.ts';

export function useShortcutsKey(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target instanceof Element ? event.target : null;
      if (at?.closest('input, textarea, [contenteditable], dialog, [popover]') !== null) return;
      event.preventDefault();
      openDialog({ kind: 'shortcuts' });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
