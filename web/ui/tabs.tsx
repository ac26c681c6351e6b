/** A row of which one is chosen. Arrow keys choose, as in a group of radio buttons; what it shows is the caller's. */
import { useRef, type KeyboardEvent } from 'react';
import css from './tabs.module.css';

interface TabsProps<Id extends string> {
  label: string;
  tabs: { id: Id; label: string; count?: number | undefined }[];
  chosen: Id;
  onChoose: (id: Id) => void;
  /** Takes the whole width, in equal shares. */
  wide?: boolean;
}

export function Tabs<Id extends string>({ label, tabs, chosen, onChoose, wide = false }: TabsProps<Id>) {
  const row = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const to = (at + step + tabs.length) % tabs.length;
    const next = tabs[to];
    if (next === undefined) return;
    onChoose(next.id);
    // What is shown for it may take the focus; the arrow keys keep it here.
    requestAnimationFrame(() => row.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus());
  };
  return (
    <div
      ref={row}
      role="tablist"
      aria-label={label}
      className={css['tabs']}
      data-wide={wide}
      tabIndex={-1}
      onKeyDown={press}
    >
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === chosen}
          tabIndex={tab.id === chosen ? 0 : -1}
          className={css['tab']}
          onClick={() => onChoose(tab.id)}
        >
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && <span className={css['count']}>{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}
