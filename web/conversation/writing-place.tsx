/** The foot of a room: where one writes, or why one cannot, and how often one may. */
import { MicOff, Timer } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Room } from '../../contract/rooms.ts';
import { useChat } from '../chat.ts';
import { isModerator } from '../moderation/standing.ts';
import { inWords } from '../words.ts';
import { Composer } from './composer.tsx';
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

/** Whether a moment is still to come; known again when it has. */
function useStillAhead(moment: string | undefined): boolean {
  const [now, setNow] = useState(() => Date.now());
  const left = moment === undefined ? 0 : Date.parse(moment) - now;
  useEffect(() => {
    if (left <= 0) return undefined;
    // Timers hold at most 24 days; looking once an hour is enough until then.
    const timer = setTimeout(() => setNow(Date.now()), Math.min(left + 50, 3_600_000));
    return () => clearTimeout(timer);
  }, [left]);
  return left > 0;
}
