/**
 * Searching and jumping are one thing: Ctrl/⌘ K comes here, Enter opens the first match, ↓ goes into the list,
 * Esc clears and then gives the focus back to where it came from.
 */
import { Search, X } from 'lucide-react';
import { useRef, type KeyboardEvent, type Ref } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import css from './search-field.module.css';

interface SearchFieldProps {
  query: string;
  onChange: (query: string) => void;
  onOpenFirst: () => void;
  onEnterList: () => void;
  ref: Ref<HTMLInputElement>;
}

export function SearchField({ query, onChange, onOpenFirst, onEnterList, ref }: SearchFieldProps) {
  const from = useRef<Element | null>(null);
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') onOpenFirst();
    else if (event.key === 'ArrowDown') onEnterList();
    else if (event.key === 'Escape' && query !== '') onChange('');
    else if (event.key === 'Escape') leave(event.currentTarget, from.current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className={css['search']}>
      <Search size={16} />
      <input
        ref={ref}
        type="text"
        inputMode="search"
        enterKeyHint="go"
        autoComplete="off"
        spellCheck={false}
        placeholder="Search rooms"
        aria-label="Search rooms"
        aria-keyshortcuts="Control+K Meta+K"
        value={query}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={press}
        onFocus={(event) => (from.current = event.relatedTarget ?? from.current)}
      />
      {query === '' ? (
        <kbd aria-hidden="true">{keyName()} K</kbd>
      ) : (
        <IconButton label="Clear search" icon={<X size={15} />} onClick={() => onChange('')} />
      )}
    </search>
  );
}

function leave(field: HTMLElement, from: Element | null): void {
  if (from instanceof HTMLElement && from.isConnected) from.focus();
  else field.blur();
}

function keyName(): string {
  return navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';
}
