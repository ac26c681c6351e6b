/** The keys of the list of rooms that work from anywhere on the page: Ctrl/⌘ K and Alt ↑/↓. */
import { useEffect, type RefObject } from 'react';
import { neighbour } from './arrangement.ts';

interface RoomKeys {
  /** The rooms that Alt ↑/↓ walk, in the order of the list. */
  ids: readonly string[];
  search: RefObject<HTMLInputElement | null>;
  open: (roomId: string | undefined) => void;
}

export function useRoomKeys({ ids, search, open }: RoomKeys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]') !== null) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        // On a phone the list is out of sight while a room is open: jumping begins there.
        if (search.current?.offsetParent === null) open('');
        requestAnimationFrame(() => search.current?.select());
      } else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        event.preventDefault();
        open(neighbour(ids, shownRoom(), event.key === 'ArrowDown' ? 1 : -1));
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}

/** From the address itself: keys may be pressed faster than rooms are rendered. */
function shownRoom(): string | undefined {
  return /^\/rooms\/([^/]+)/u.exec(location.pathname)?.[1];
}
