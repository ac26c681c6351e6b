/**
 * A modal on the browser's own <dialog>: it traps the focus, closes on Esc and on a click outside, and gives the
 * focus back to where it came from. Mount it to open it; `onClose` is where it is unmounted. What carries
 * `data-autofocus` has the focus first.
 */
import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import css from './dialog.module.css';
import { IconButton } from './icon-button.tsx';

interface DialogProps {
  title: string;
  children: ReactNode;
  onClose: () => void;
  /** For lists; the usual width is for forms and questions. */
  wide?: boolean;
}

export function Dialog({ title, children, onClose, wide = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const from = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      if (from instanceof HTMLElement && from.isConnected) from.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={css['dialog']}
      data-wide={wide}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={css['card']}>
        <header className={css['header']}>
          <h2 id={titleId}>{title}</h2>
          <IconButton label="Close" icon={<X size={18} />} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** The row of buttons at a dialog's end. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css['actions']}>{children}</div>;
}
