/** A room that one is in: its messages and where one writes. */
import { MessageCircle } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Room } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import type { Conversation } from '../connection/model.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { sentenceFor } from '../words.ts';
import { Announcer } from './announcer.tsx';
import { MessageList, type MessageListHandle } from './message-list.tsx';
import { WritingPlace } from './writing-place.tsx';
import css from './open-room.module.css';

interface OpenRoomProps {
  room: Room;
  conversation: Conversation | undefined;
}

export function OpenRoom({ room, conversation }: OpenRoomProps) {
  const list = useRef<MessageListHandle>(null);
  const waiting = useChat((state) => (state.outbox[room.id]?.length ?? 0) > 0);
  const client = useClient();
  useEffect(() => void client.loadPins(room.id), [client, room.id]);
  // Who is who: what they look like, and what one may do about their messages.
  const met = useChat((state) => state.members[room.id] !== undefined);
  useEffect(() => {
    if (!met) void client.loadMembers(room.id);
  }, [client, met, room.id]);
  const empty = conversation === undefined || (conversation.messages.length === 0 && !waiting);
  return (
    <>
      {empty ? (
        <div className={css['empty']}>
          <Empty room={room} conversation={conversation} />
        </div>
      ) : (
        <MessageList ref={list} roomId={room.id} conversation={conversation} />
      )}
      {conversation !== undefined && <Announcer conversation={conversation} />}
      <WritingPlace room={room} onSent={() => list.current?.toEnd()} />
    </>
  );
}

function Empty({ room, conversation }: OpenRoomProps) {
  const client = useClient();
  if (conversation?.loading.state === 'error') {
    return (
      <Notice
        urgent
        size="corner"
        title="The messages could not be loaded"
        action={
          <Button look="primary" onClick={() => client.openRoom(room.id)}>
            Try again
          </Button>
        }
      >
        {sentenceFor(conversation.loading.problem)}
      </Notice>
    );
  }
  if (conversation?.loading.state !== 'ready') return <Skeleton label="Loading messages" kind="messages" />;
  return (
    <Notice size="corner" icon={<MessageCircle size={26} />} title={`Say the first word in ${room.name}`}>
      {room.description === '' ? 'Everybody who is in the room will see it.' : room.description}
    </Notice>
  );
}
