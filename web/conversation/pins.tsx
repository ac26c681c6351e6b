/** What was pinned in a room: the newest in one line above the conversation, all of it among the details. */
import { Pin, PinOff } from 'lucide-react';
import type { Message } from '../../contract/messages.ts';
import { useChat, useClient } from '../chat.ts';
import { messageCalls } from '../moderation/message-calls.ts';
import { isModerator } from '../moderation/standing.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useAct } from '../ui/use-act.ts';
import { MessageText } from './message-text.tsx';
import css from './pins.module.css';
import { clock, dayLabel, exactTime } from './times.ts';

const none: Message[] = [];

export function usePins(roomId: string): Message[] {
  return useChat((state) => state.pins[roomId] ?? none);
}

export function PinLine({ roomId, onOpen }: { roomId: string; onOpen: () => void }) {
  const pins = usePins(roomId);
  const newest = pins[0];
  if (newest === undefined) return null;
  return (
    <button type="button" className={css['line']} onClick={onOpen}>
      <Pin size={14} />
      <span className={css['text']}>
        <span className="visually-hidden">Pinned: </span>
        <b>{newest.sender_name}</b> {newest.content.replaceAll(/`{1,3}\w*/gu, '')}
      </span>
      {pins.length > 1 && <span className={css['count']}>{pins.length} pinned</span>}
    </button>
  );
}

export function PinList({ roomId }: { roomId: string }) {
  const pins = usePins(roomId);
  const client = useClient();
  const mayUnpin = useChat((state) => isModerator(state.memberships[roomId]?.role));
  const { act } = useAct();
  if (pins.length === 0) return null;
  return (
    <section>
      <h3 className={css['title']}>Pinned</h3>
      <ul className={css['list']}>
        {pins.map((pin) => (
          <li key={pin.seq} className={css['pin']}>
            <p className={css['head']}>
              <b>{pin.sender_name}</b>
              <time dateTime={pin.timestamp} title={exactTime(pin.timestamp)}>
                {dayLabel(pin.timestamp)}, {clock(pin.timestamp)}
              </time>
            </p>
            <MessageText content={pin.content} />
            {mayUnpin && (
              <IconButton
                label={`Unpin the message of ${pin.sender_name}`}
                icon={<PinOff size={15} />}
                className={css['unpin']}
                onClick={() =>
                  act(async () => {
                    await messageCalls(client.call, roomId).unpin(pin.seq);
                    await client.loadPins(roomId);
                  })
                }
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
