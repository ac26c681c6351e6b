/** The foot of a room: where one writes, or why one cannot, and how often one may. */
import { MicOff, Timer } from 'lucide-react';
import type { Room } from '../../contract/rooms.ts';
import { useChat } from '../chat.ts';
import { isModerator } from '../moderation/standing.ts';
import { inWords } from '../words.ts';
import { Composer } from './composer.tsx';
import { useStillAhead } from './still-ahead.ts';
import { momentLabel } from './times.ts';
import css from './writing-place.module.css';

export function WritingPlace({ room, onSent }: { room: Room; onSent: () => void }) {
  const mutedUntil = useChat((state) => state.memberships[room.id]?.muted_until);
  const exempt = useChat((state) => isModerator(state.memberships[room.id]?.role));
  const muted = useStillAhead(mutedUntil);
  if (muted && mutedUntil !== undefined) {
    return (
      <output className={css['muted']}>
        <MicOff size={16} />
        You are muted in this room. You may write again {momentLabel(mutedUntil)}.
      </output>
    );
  }
  return (
    <>
      <Composer roomId={room.id} onSent={onSent} />
      {room.slow_mode_seconds > 0 && !exempt && (
        <p className={css['slow']}>
          <Timer size={14} />
          Slow mode: one message in {inWords(room.slow_mode_seconds * 1000)}
        </p>
      )}
    </>
  );
}
