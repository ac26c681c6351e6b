/** Who is kept out, or silent: why, by whom, until when, and the way to lift it. */
import { useClient } from '../chat.ts';
import { momentLabel } from '../conversation/times.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { useAct } from '../ui/use-act.ts';
import { useLoaded } from '../ui/use-loaded.ts';
import { roomCalls, type RestrictionKind } from './calls.ts';
import css from './moderation.module.css';
import { Rows } from './rows.tsx';

const words: Record<RestrictionKind, { empty: string; lift: string }> = {
  bans: { empty: 'Nobody is banned.', lift: 'Lift the ban' },
  mutes: { empty: 'Nobody is muted.', lift: 'Lift the mute' },
};

export function RestrictionsPart({ roomId, kind }: { roomId: string; kind: RestrictionKind }) {
  const client = useClient();
  const calls = roomCalls(client.call, roomId);
  const loaded = useLoaded(`${kind}:${roomId}`, () => calls.restrictions(kind));
  const { act } = useAct();
  return (
    <Rows loaded={loaded} empty={words[kind].empty}>
      {(one) => (
        <li key={one.user_id} className={css['row']}>
          <Avatar name={one.name} size={32} />
          <div className={css['words']}>
            <p className={css['name']}>{one.name}</p>
            {one.reason !== '' && <p>{one.reason}</p>}
            <p className={css['about']}>
              by {one.by_name}, {one.until === undefined ? 'for ever' : `ends ${momentLabel(one.until)}`}
            </p>
          </div>
          <Button
            aria-label={`${words[kind].lift} of ${one.name}`}
            onClick={() =>
              act(async () => {
                await calls.lift(kind, one.user_id);
                loaded.reload();
                await client.loadMembers(roomId);
              })
            }
          >
            {words[kind].lift}
          </Button>
        </li>
      )}
    </Rows>
  );
}
