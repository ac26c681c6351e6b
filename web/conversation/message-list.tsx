/**
 * The conversation itself. Only what is seen is rendered; the list is anchored at its end, so that new messages
 * push from below and older ones arrive above without moving what one reads.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from 'react';
import { useChat, useClient } from '../chat.ts';
import type { Conversation } from '../connection/model.ts';
import { above } from './blocks.ts';
import { JumpPill } from './jump-pill.tsx';
import { ListTop, listTopHeight } from './list-top.tsx';
import { MessageRow } from './message-row.tsx';
import { useEntries } from './use-entries.ts';
import { endThreshold, useStayAtEnd } from './use-stay-at-end.ts';
import { useReading } from './use-reading.ts';
import css from './message-list.module.css';

export interface MessageListHandle {
  toEnd: () => void;
}

interface MessageListProps {
  roomId: string;
  conversation: Conversation;
  ref: Ref<MessageListHandle>;
}

/** Older messages are asked for while this many rows are still above what is seen. */
const loadAhead = 24;

export function MessageList({ roomId, conversation, ref }: MessageListProps) {
  const client = useClient();
  const roomName = useChat((state) => state.rooms[roomId]?.name ?? '');
  const scroller = useRef<HTMLElement>(null);
  const entries = useEntries(roomId, conversation);
  const { complete, loading, loadingOlder } = conversation;
  // The "New" line is of the moment when the room was opened: what arrives while one looks on is no news to mark.
  const [readUntil] = useState(conversation.read_until < conversation.head ? conversation.read_until : 0);

  // oxlint-disable-next-line react/incompatible-library -- it warns the React compiler, which is not used here
  const virtualizer = useVirtualizer({
    count: entries.count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(entries.lengthAt(index)),
    getItemKey: entries.keyAt,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endThreshold,
    scrollPaddingStart: 72,
    paddingStart: listTopHeight,
    paddingEnd: 16,
    overscan: 6,
  });
  // A message that changes above the fold changes at its own top (a divider, a name): what is read stays put.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, list) =>
    item.start < (list.scrollOffset ?? 0);

  const placed = useRef(false);
  const [settled, setSettled] = useState(false);
  const firstSeq = conversation.messages[0]?.seq;
  useLayoutEffect(() => {
    if (placed.current || firstSeq === undefined) return;
    const firstUnread = readUntil + 1 - firstSeq;
    if (readUntil > 0 && firstUnread >= 0 && firstUnread < entries.acknowledged) {
      placed.current = true;
      virtualizer.scrollToIndex(firstUnread, { align: 'start' });
    } else {
      // What was missed since an earlier visit may still be on its way; the line is gone to when it arrives.
      placed.current = readUntil === 0 || firstUnread < 0;
      virtualizer.scrollToEnd();
    }
    whenStill(scroller.current, () => setSettled(true));
  }, [entries.acknowledged, firstSeq, readUntil, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const firstShown = items[0]?.index ?? 0;
  const mayLoad = !complete && loading.state === 'ready' && ['idle', 'ready'].includes(loadingOlder.state);
  useEffect(() => {
    if (settled && mayLoad && firstShown < loadAhead) void client.loadOlder(roomId);
  }, [client, firstShown, firstSeq, mayLoad, roomId, settled]);

  useStayAtEnd(scroller, virtualizer);
  const unseen = useReading({ roomId, conversation, virtualizer });
  const toEnd = (): void => virtualizer.scrollToEnd();
  useImperativeHandle(ref, () => ({ toEnd }));

  return (
    <div className={css['frame']}>
      <section
        ref={scroller}
        className={css['scroller']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key
        tabIndex={0}
        aria-label={`Messages in ${roomName}`}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of its buttons bubble up to here */}
        <div onKeyDown={walkMenus} className={css['sizer']} style={{ height: virtualizer.getTotalSize() }}>
          <ListTop roomId={roomId} conversation={conversation} />
          <ol>
            {items.map((item) => {
              const entry = entries.at(item.index);
              if (entry === undefined) return null;
              return (
                <li
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  className={css['item']}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <MessageRow
                    roomId={roomId}
                    entry={entry}
                    reachable={item.index === entries.acknowledged - 1}
                    {...above(entries.at(item.index - 1), entry, readUntil)}
                  />
                </li>
              );
            })}
          </ol>
        </div>
      </section>
      <JumpPill shown={!virtualizer.isAtEnd(240)} unseen={unseen} onJump={toEnd} />
    </div>
  );
}

/** ↑ and ↓ on the button of a message's menu go to the one before and after it. */
function walkMenus(event: KeyboardEvent): void {
  const step = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' } as const;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.matches('[data-menu-button]') !== true || !isStep(event.key)) return;
  event.preventDefault();
  for (let row = at.closest('li')?.[step[event.key]]; row; row = row[step[event.key]]) {
    const button = row.querySelector<HTMLElement>('[data-menu-button]');
    if (button !== null) return button.focus();
  }
}

const isStep = (key: string): key is 'ArrowUp' | 'ArrowDown' => key === 'ArrowUp' || key === 'ArrowDown';

/**
 * Calls back when the list has come to rest where it was put: until then rows are still measured, and older messages
 * that arrived would take the place of those it was put at.
 */
function whenStill(element: HTMLElement | null, done: () => void): void {
  if (element === null) return;
  let before = '';
  let frames = 0;
  const look = (): void => {
    const now = `${element.scrollTop}/${element.scrollHeight}`;
    frames = now === before ? frames + 1 : 0;
    before = now;
    if (frames >= 4) done();
    else requestAnimationFrame(look);
  };
  look();
}

/**
 * Near enough that the scrollbar does not lie; rows are measured when they are seen. Cheap, because it is asked of
 * every message whenever one arrives: 16 px are the share of dividers and names that a message has on average.
 */
function estimate(length: number): number {
  return Math.max(1, Math.ceil(length / 92)) * 22 + 16;
}
