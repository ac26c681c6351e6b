/** Who asks to be let in. */
import { useChat, useClient } from '../chat.ts';
import { exactTime } from '../conversation/times.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { useAct } from '../ui/use-act.ts';
import { useLoaded } from '../ui/use-loaded.ts';
import { roomCalls } from './calls.ts';
import css from './moderation.module.css';
import { Rows } from './rows.tsx';

export function RequestsPart({ roomId }: { roomId: string }) {
  const client = useClient();
  const calls = roomCalls(client.call, roomId);
  // Another moderator may decide, and another person ask, while one looks on.
  const waiting = useChat((state) => state.memberships[roomId]?.waiting?.join_requests ?? 0);
  const loaded = useLoaded(`requests:${roomId}:${waiting}`, () => calls.requests());
  const { busy, act } = useAct();
  const decide = (userId: string, decision: 'admit' | 'refuse'): void =>
    act(async () => {
      await calls.decideRequest(userId, decision);
      loaded.reload();
    });
  return (
    <Rows loaded={loaded} empty="Nobody is waiting to be let in.">
      {(request) => (
        <li key={request.user_id} className={css['row']}>
          <Avatar name={request.name} size={32} />
          <div className={css['words']}>
            <p className={css['name']}>{request.name}</p>
            {request.note !== '' && <p>{request.note}</p>}
            <p className={css['about']}>{exactTime(request.requested_at)}</p>
          </div>
          <div className={css['actions']}>
            <Button aria-label={`Refuse ${request.name}`} onClick={() => decide(request.user_id, 'refuse')}>
              Refuse
            </Button>
            <Button
              look="primary"
              aria-label={`Let in ${request.name}`}
              busy={busy}
              onClick={() => decide(request.user_id, 'admit')}
            >
              Let in
            </Button>
          </div>
        </li>
      )}
    </Rows>
  );
}
