/** The pane of one room: the conversation for its members, an invitation for others, and what else may be so. */
import { CircleAlert, LogOut, Trash2 } from 'lucide-react';
import { lazy } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { Button } from '../ui/button.tsx';
import { Late } from '../ui/late.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { sentenceFor } from '../words.ts';
import { BackLink, Header } from './header.tsx';
import { NoSuchRoom } from './no-such-room.tsx';
import { OpenRoom } from './open-room.tsx';
import { PinLine } from './pins.tsx';
import { ToRooms } from './to-rooms.tsx';
import { useRoomPhase } from './use-phase.ts';
import { WayIn } from './way-in.tsx';
import css from './room-screen.module.css';

const Details = lazy(async () => ({ default: (await import('./details.tsx')).Details }));
const PutOut = lazy(async () => ({ default: (await import('./put-out.tsx')).PutOut }));

export function RoomScreen() {
  const { roomId = '' } = useParams();
  return <OneRoom key={roomId} roomId={roomId} />;
}

function OneRoom({ roomId }: { roomId: string }) {
  const { phase, name, retry } = useRoomPhase(roomId);
  const [search, setSearch] = useSearchParams();
  const details = search.has('details');
  const room = 'room' in phase ? phase.room : undefined;
  return (
    <div className={css['screen']}>
      <div className={css['main']}>
        {room === undefined ? (
          <div className={css['bare']}>
            <BackLink />
          </div>
        ) : (
          <Header
            room={room}
            details={details}
            onDetails={() => setSearch(details ? {} : { details: '' }, { replace: details })}
          />
        )}
        {phase.kind === 'member' && (
          <>
            <PinLine roomId={roomId} onOpen={() => setSearch({ details: '' })} />
            <OpenRoom room={phase.room} conversation={phase.conversation} />
          </>
        )}
        {phase.kind === 'preview' && <WayIn room={phase.room} />}
        {phase.kind === 'loading' && (
          <div className={css['loading']}>
            {room === undefined && <h1 className="visually-hidden">A room</h1>}
            <Skeleton label="Loading the room" kind="messages" />
          </div>
        )}
        {phase.kind === 'failed' && (
          <Notice
            urgent
            icon={<CircleAlert size={26} />}
            title="The room could not be opened"
            action={
              <Button look="primary" onClick={retry}>
                Try again
              </Button>
            }
          >
            {phase.problem === undefined
              ? 'Hubbub cannot be reached. Check your connection.'
              : sentenceFor(phase.problem)}
          </Notice>
        )}
        {phase.kind === 'not_found' && <NoSuchRoom roomId={roomId} />}
        {phase.kind === 'removed' && (
          <Late>
            <PutOut roomId={roomId} name={name} removal={phase.removal} />
          </Late>
        )}
        {phase.kind === 'left' && (
          <Notice
            icon={<LogOut size={26} />}
            title={name === '' ? 'You left this room' : `You left ${name}`}
            action={<ToRooms />}
          >
            It is a private room: you come back when somebody invites you.
          </Notice>
        )}
        {phase.kind === 'deleted' && (
          <Notice
            urgent
            icon={<Trash2 size={26} />}
            title={name === '' ? 'This room was deleted' : `${name} was deleted`}
            action={<ToRooms />}
          >
            It is gone for everybody, with all of its messages.
          </Notice>
        )}
      </div>
      {details && phase.kind === 'member' && (
        <Late>
          <Details room={phase.room} onClose={() => setSearch({}, { replace: true })} />
        </Late>
      )}
    </div>
  );
}
