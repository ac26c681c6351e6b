/**
 * The rooms, ten or ten thousand: only what is seen is rendered. One stop of the Tab key, walked by arrow keys;
 * it asks for the next page before its end is reached.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { useChat, useClient } from '../chat.ts';
import type { ListRow } from './arrangement.ts';
import { RoomRow } from './room-row.tsx';
import css from './room-list.module.css';

export interface RoomListHandle {
  focusFirst: () => void;
}

interface RoomListProps {
  rows: ListRow[];
  currentId: string | undefined;
  onHold: (held: boolean) => void;
  ref: Ref<RoomListHandle>;
}

const headingHeight = 34;
const rowHeight = 52;

export function RoomList({ rows, currentId, onHold, ref }: RoomListProps) {
  const client = useClient();
  const scroller = useRef<HTMLDivElement>(null);
  const [reachableKey, setReachableKey] = useState<string>();
  const complete = useChat((state) => state.directory.complete);
  const loading = useChat((state) => state.directory.loading.state);
  const reachable = rows.findIndex((row) => row.key === (reachableKey ?? currentId));
  const stop = reachable === -1 ? rows.findIndex((row) => row.kind === 'room') : reachable;

  // oxlint-disable-next-line react/incompatible-library -- it warns the React compiler, which is not used here
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'heading' ? headingHeight : rowHeight),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    paddingEnd: 12,
  });
  const items = virtualizer.getVirtualItems();

  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!complete && loading === 'ready' && lastShown >= rows.length - 20) void client.loadMoreRooms();
  }, [client, complete, loading, lastShown, rows.length]);

  const focusRow = (index: number): void => {
    const row = rows[index];
    if (row?.kind !== 'room') return;
    setReachableKey(row.key);
    virtualizer.scrollToIndex(index);
    // The row may only exist after the scroll has been rendered.
    requestAnimationFrame(() => linkOf(scroller.current, index)?.focus());
  };
  useImperativeHandle(ref, () => ({ focusFirst: () => focusRow(nextRoom(rows, -1, 1)) }));

  const walk = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const targets: Record<string, number> = {
      ArrowDown: nextRoom(rows, stop, 1),
      ArrowUp: nextRoom(rows, stop, -1),
      Home: nextRoom(rows, -1, 1),
      End: nextRoom(rows, rows.length, -1),
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    focusRow(target);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of its links bubble up to here
    <div
      ref={scroller}
      className={css['scroller']}
      onKeyDown={walk}
      onFocus={({ target }) => setReachableKey(rows[indexOf(target)]?.key)}
      onPointerEnter={(event) => event.pointerType === 'mouse' && onHold(true)}
      onPointerLeave={() => onHold(false)}
    >
      <ul className={css['rows']} style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            <li
              key={item.key}
              data-index={item.index}
              className={css['item']}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row?.kind === 'room' ? (
                <RoomRow
                  roomId={row.roomId}
                  current={row.roomId === currentId}
                  reachable={item.index === stop}
                />
              ) : (
                <h2 className={css['heading']}>{row?.label}</h2>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function nextRoom(rows: ListRow[], from: number, step: 1 | -1): number {
  let index = from + step;
  while (rows[index]?.kind === 'heading') index += step;
  return rows[index] === undefined ? from : index;
}

function indexOf(target: Element): number {
  return Number(target.closest('[data-index]')?.getAttribute('data-index') ?? -1);
}

function linkOf(scroller: HTMLElement | null, index: number): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-index="${index}"] [data-room-link]`) ?? null;
}
