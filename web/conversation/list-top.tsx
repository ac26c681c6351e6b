/**
 * What stands above the oldest loaded message: the beginning of the room, or older messages on their way.
 * Always of one height, so that nothing moves when the one becomes the other.
 */
import { useChat, useClient } from '../chat.ts';
import type { Conversation } from '../connection/model.ts';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { sentenceFor } from '../words.ts';
import css from './list-top.module.css';
import { dateLabel } from './times.ts';

export const listTopHeight = 120;

export function ListTop({ roomId, conversation }: { roomId: string; conversation: Conversation }) {
  const client = useClient();
  const room = useChat((state) => state.rooms[roomId]);
  const { complete, loadingOlder } = conversation;
  return (
    <div className={css['top']} style={{ height: listTopHeight }}>
      {complete && room !== undefined && (
        <>
          <p className={css['title']}>
            {conversation.first === 1 ? `The beginning of ${room.name}` : 'Here you joined'}
          </p>
          <p className={css['since']}>
            {conversation.first === 1
              ? `Created on ${dateLabel(room.created_at)}`
              : 'What was said before is for those who were here.'}
          </p>
        </>
      )}
      {!complete && loadingOlder.state === 'error' && (
        <output className={css['error']}>
          Older messages could not be loaded. {sentenceFor(loadingOlder.problem)}{' '}
          <Button look="link" onClick={() => void client.loadOlder(roomId)}>
            Try again
          </Button>
        </output>
      )}
      {!complete && loadingOlder.state !== 'error' && (
        <Skeleton label="Loading older messages" kind="messages" count={2} />
      )}
    </div>
  );
}
