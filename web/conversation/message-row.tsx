/** One message of the list, with what stands above it: a day, the "New" line, or its sender. */
import { Clock } from 'lucide-react';
import { memo, useState } from 'react';
import { useChat, useClient } from '../chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { sentenceFor } from '../words.ts';
import type { OutgoingMessage } from '../connection/model.ts';
import type { Entry } from './blocks.ts';
import { MessageMenu } from './message-menu.tsx';
import { MessageText } from './message-text.tsx';
import { clock, dayLabel, exactTime } from './times.ts';
import css from './message-row.module.css';

interface MessageRowProps {
  roomId: string;
  entry: Entry;
  /** One by one, so that an unchanged row is not rendered again. */
  day: boolean;
  fresh: boolean;
  head: boolean;
  /** Its menu is where the Tab key stops in the list. */
  reachable: boolean;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { roomId, entry, day, fresh, head, reachable } = props;
  const state = entry.outgoing?.state;
  const avatar = useChat(({ avatars }) => avatars[entry.sender]);
  const blocked = useChat((chat) => chat.blocked[entry.sender] !== undefined);
  const [shown, setShown] = useState(false);
  const folded = blocked && !shown;
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
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a tap brings up its menu, as the pointer does */}
      <article className={css['message']} data-head={head} data-state={state ?? 'sent'} tabIndex={-1}>
        <div className={css['gutter']}>
          {head ? (
            <Avatar name={entry.senderName} emoji={folded ? '' : avatar} />
          ) : (
            <time aria-hidden="true">{clock(entry.time)}</time>
          )}
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
          <Words entry={entry} folded={folded} onShow={() => setShown(true)} />
          {entry.outgoing?.state === 'failed' && <NotSent outgoing={entry.outgoing} />}
          {state === 'sending' && entry.outgoing?.problem !== undefined && (
            <p className={css['waiting']}>
              {sentenceFor(entry.outgoing.problem)} It is sent as soon as that is possible.
            </p>
          )}
        </div>
        {entry.seq !== undefined && !entry.removed && !folded && (
          <MessageMenu roomId={roomId} entry={entry} seq={entry.seq} reachable={reachable} />
        )}
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

interface WordsProps {
  entry: Entry;
  folded: boolean;
  onShow: () => void;
}

function Words({ entry, folded, onShow }: WordsProps) {
  if (entry.removed) return <p className={css['gone']}>A moderator removed this message.</p>;
  if (!folded) return <MessageText content={entry.content} />;
  return (
    <p className={css['gone']}>
      You have blocked {entry.senderName}.{' '}
      <Button look="link" onClick={onShow}>
        Show this message
      </Button>
    </p>
  );
}

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
