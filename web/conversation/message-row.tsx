/** One message of the list, with what stands above it: a day, the "New" line, or its sender. */
import { Clock } from 'lucide-react';
import { memo } from 'react';
import { useClient } from '../chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { sentenceFor } from '../words.ts';
import type { OutgoingMessage } from '../connection/model.ts';
import type { Entry } from './blocks.ts';
import { MessageText } from './message-text.tsx';
import { clock, dayLabel, exactTime } from './times.ts';
import css from './message-row.module.css';

interface MessageRowProps {
  entry: Entry;
  /** One by one, so that an unchanged row is not rendered again. */
  day: boolean;
  fresh: boolean;
  head: boolean;
}

export const MessageRow = memo(function MessageRow({ entry, day, fresh, head }: MessageRowProps) {
  const state = entry.outgoing?.state;
  return (
    <>
      {day && (
        <p className={css['day']}>
          <span>{dayLabel(entry.time)}</span>
        </p>
      )}
      {fresh && (
        <p className={css['fresh']}>
          <span>New</span>
        </p>
      )}
      <article className={css['message']} data-head={head} data-state={state ?? 'sent'}>
        <div className={css['gutter']}>
          {head ? <Avatar name={entry.senderName} /> : <time aria-hidden="true">{clock(entry.time)}</time>}
        </div>
        <div className={css['body']}>
          {head ? (
            <header className={css['header']}>
              <span className={css['name']}>{entry.senderName}</span>
              {entry.sender.startsWith('service:') && <span className={css['app']}>App</span>}
              <time className={css['time']} dateTime={entry.time} data-tip={exactTime(entry.time)}>
                {clock(entry.time)}
              </time>
            </header>
          ) : (
            <span className="visually-hidden">{`${entry.senderName}, ${exactTime(entry.time)}`}</span>
          )}
          <MessageText content={entry.content} />
          {entry.outgoing?.state === 'failed' && <NotSent outgoing={entry.outgoing} />}
        </div>
        {state === 'sending' && (
          <span className={css['sending']} data-tip="Sending">
            <Clock size={14} aria-hidden="true" />
            <span className="visually-hidden">Sending</span>
          </span>
        )}
      </article>
    </>
  );
});

function NotSent({ outgoing }: { outgoing: OutgoingMessage }) {
  const client = useClient();
  const { room_id: roomId, message_id: messageId, problem } = outgoing;
  return (
    <div className={css['failed']}>
      <span>
        Not sent.{' '}
        <Button look="link" onClick={() => client.retry(roomId, messageId)}>
          Retry
        </Button>{' '}
        or{' '}
        <Button look="link" onClick={() => client.discard(roomId, messageId)}>
          discard
        </Button>
      </span>
      {problem !== undefined && <span className={css['reason']}>{sentenceFor(problem)}</span>}
    </div>
  );
}
