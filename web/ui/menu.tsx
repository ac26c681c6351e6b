/**
 * A button that opens a short list of actions, on the browser's own popover: the top layer, Esc and a click
 * outside close it. Arrow keys walk; the focus returns to the button.
 */
import { Check } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import css from './menu.module.css';

interface MenuProps {
  /** Its name for a screen reader. */
  label: string;
  /** What the button shows. */
  button: ReactNode;
  buttonClassName?: string | undefined;
  tabIndex?: number;
  /** Rendered while it is open: a list of a thousand rows has a thousand menus. */
  children: ReactNode;
}

export function Menu({ label, button, buttonClassName, tabIndex, children }: MenuProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={buttonClassName}
        aria-label={label}
        data-tip={label}
        aria-haspopup="menu"
        data-menu-button
        tabIndex={tabIndex}
        popoverTarget={id}
      >
        {button}
      </button>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its items take the focus, as a menu's do */}
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={css['menu']}
        onKeyDown={walk}
        onClick={() => menu.current?.hidePopover()}
        onBeforeToggle={(event) => {
          if (event.newState === 'open') setOpen(true);
        }}
        onToggle={(event) => {
          // Not before it is closed: the browser gives the focus back only from an item that is still there.
          if (event.newState === 'closed') setOpen(false);
          if (event.newState !== 'open' || menu.current === null || opener.current === null) return;
          place(menu.current, opener.current.getBoundingClientRect());
          menu.current.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
        }}
      >
        {open && children}
      </div>
    </>
  );
}

interface MenuItemProps {
  icon: ReactNode;
  children: ReactNode;
  onSelect: () => void;
  danger?: boolean;
  /** Makes it one of several choices. */
  checked?: boolean;
}

export function MenuItem({ icon, children, onSelect, danger = false, checked }: MenuItemProps) {
  return (
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={checked}
      tabIndex={-1}
      data-danger={danger}
      className={css['item']}
      onClick={onSelect}
    >
      {icon}
      {children}
      {checked === true && <Check size={16} className={css['check']} />}
    </button>
  );
}

/** A line between groups of items. */
export function MenuLine() {
  return <hr className={css['line']} />;
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const to = next[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[to]?.focus();
  } else if (event.key === 'Tab') {
    event.currentTarget.hidePopover();
  }
}

function place(menu: HTMLElement, at: DOMRect): void {
  const size = menu.getBoundingClientRect();
  const below = at.bottom + 4;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${below + size.height > innerHeight - 8 ? at.top - size.height - 4 : below}px`;
}
