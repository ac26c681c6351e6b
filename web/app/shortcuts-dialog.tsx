/** Every key that does something, in one place. */
import { Dialog } from '../ui/dialog.tsx';
import css from './shortcuts-dialog.module.css';

const shortcuts: { does: string; keys: string[] }[] = [
  { does: 'Jump to a room', keys: ['Ctrl / ⌘', 'K'] },
  { does: 'Next room', keys: ['Alt', '↓'] },
  { does: 'Previous room', keys: ['Alt', '↑'] },
  { does: 'Walk the list of rooms', keys: ['↑', '↓'] },
  { does: 'Send', keys: ['Enter'] },
  { does: 'New line', keys: ['Shift', 'Enter'] },
  { does: 'Close what is on top', keys: ['Esc'] },
  { does: 'Show this', keys: ['?'] },
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className={css['list']}>
        {shortcuts.map(({ does, keys }) => (
          <div key={does} className={css['row']}>
            <dt>{does}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
