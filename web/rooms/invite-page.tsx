/** What a link of an invitation leads to: the room, who invites, and the way in. */
import { Link2Off, Mail } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import * as z from 'zod/mini';
import { invited, type Invited } from '../../contract/invitations.ts';
import { room as roomSchema } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { codeOf, countOf, explain } from '../words.ts';
import pane from '../app/pane.module.css';

type Found =
  | { state: 'loading' | 'ended' }
  | { state: 'error'; why: string }
  | { state: 'there'; invitation: Invited };

export function InvitePage() {
  const { token = '' } = useParams();
  return <OneInvitation key={token} token={token} />;
}

function OneInvitation({ token }: { token: string }) {
  const client = useClient();
  const navigate = useNavigate();
  const [found, setFound] = useState<Found>({ state: 'loading' });
  const [accepted, setAccepted] = useState(false);
  const path = `/invitations/${encodeURIComponent(token)}`;
  const fail = (failure: unknown): Found =>
    codeOf(failure) === 'invitation_not_found'
      ? { state: 'ended' }
      : { state: 'error', why: explain(failure) };
  useEffect(() => {
    let current = true;
    client.call.read(invited, path).then(
      (invitation) => current && setFound({ state: 'there', invitation }),
      (failure: unknown) => current && setFound(fail(failure)),
    );
    return () => {
      current = false;
    };
  }, [client, path]);

  const roomId = found.state === 'there' ? found.invitation.room.id : '';
  const joined = useChat((state) => state.memberships[roomId] !== undefined);
  useEffect(() => {
    if (joined) void navigate(`/rooms/${roomId}`, { replace: true });
  }, [joined, navigate, roomId]);

  const accept = async (): Promise<void> => {
    setAccepted(true);
    try {
      await client.call.ask(z.object({ room: roomSchema }), 'POST', path, {});
      client.retryNow();
    } catch (failure) {
      // A click too many: then one is in the room, and on the way to it.
      if (codeOf(failure) === 'already_member') return client.retryNow();
      setFound(fail(failure));
      setAccepted(false);
    }
  };

  return (
    <div className={pane['pane']}>
      {found.state === 'loading' && <Skeleton label="Loading the invitation" kind="messages" count={2} />}
      {found.state === 'ended' && (
        <Notice
          urgent
          icon={<Link2Off size={26} />}
          title="This invitation has ended"
          action={
            <Button look="primary" onClick={() => void navigate('/')}>
              See all rooms
            </Button>
          }
        >
          It was used up, taken back, or its time is over. Ask for a new one.
        </Notice>
      )}
      {found.state === 'error' && (
        <Notice urgent title="The invitation could not be opened">
          {found.why}
        </Notice>
      )}
      {found.state === 'there' && (
        <Notice
          icon={<Mail size={26} />}
          title={`${found.invitation.invited_by_name} invites you to ${found.invitation.room.name}`}
          action={
            <>
              <Button onClick={() => void navigate('/')}>Not now</Button>
              <Button look="primary" busy={accepted} onClick={() => void accept()}>
                Join room
              </Button>
            </>
          }
        >
          {found.invitation.room.description !== '' && <p>{found.invitation.room.description}</p>}
          <p>{countOf(found.invitation.room.member_count, 'member')}</p>
        </Notice>
      )}
    </div>
  );
}
