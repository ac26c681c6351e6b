/** What there is to know about a room: what it is for, and who is in it, those who are here now first. */
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Room } from '../../contract/rooms.ts';
import { useChat } from '../chat.ts';
import { isModerator } from '../moderation/standing.ts';
import { roomKinds } from '../rooms/room-kinds.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { inWords } from '../words.ts';
import css from './details.module.css';
import { Members } from './members.tsx';
import { PinList } from './pins.tsx';
import { Running } from './running.tsx';
import { dateLabel } from './times.ts';

export function Details({ room, onClose }: { room: Room; onClose: () => void }) {
  const runs = useChat((state) => isModerator(state.memberships[room.id]?.role));
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    close.current?.focus();
    return () => document.querySelector<HTMLElement>('[data-details-button]')?.focus();
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const covered = document.querySelector('dialog[open], :popover-open') !== null;
      if (event.key === 'Escape' && !covered) onClose();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [onClose]);
  return (
    <aside className={css['details']} aria-label={`Details of ${room.name}`}>
      <header className={css['header']}>
        <h2>Details</h2>
        <IconButton ref={close} label="Close details" icon={<X size={18} />} onClick={onClose} />
      </header>
      <div className={css['content']}>
        <section>
          <h3 className={css['title']}>About</h3>
          <p className={css['about']}>{room.description === '' ? 'No description yet.' : room.description}</p>
          <p className={css['created']}>
            {roomKinds[room.kind].label}. {roomKinds[room.kind].about}
            {room.history === 'since_joining' && ' Members see what is said after they joined.'}
            {room.slow_mode_seconds > 0 &&
              ` Slow mode: one message in ${inWords(room.slow_mode_seconds * 1000)}.`}
          </p>
          <p className={css['created']}>Created on {dateLabel(room.created_at)}</p>
        </section>
        {runs && <Running roomId={room.id} />}
        <PinList roomId={room.id} />
        <Members room={room} />
      </div>
    </aside>
  );
}
