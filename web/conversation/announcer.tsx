/** Says new messages of others to a screen reader, politely. The list itself scrolls, so it cannot be the log. */
import { useEffect, useRef, useState } from 'react';
import { useChat, useUserId } from '../chat.ts';
import type { Conversation } from '../connection/model.ts';

interface Line {
  key: number;
  text: string;
}

export function Announcer({ conversation }: { conversation: Conversation }) {
  const me = useUserId();
  const blocked = useChat((state) => state.blocked);
  const { messages } = conversation;
  const newest = messages.at(-1)?.seq ?? 0;
  const said = useRef<number | undefined>(undefined);
  const [lines, setLines] = useState<Line[]>([]);
  useEffect(() => {
    const before = said.current;
    said.current = newest;
    if (before === undefined || before === 0 || newest <= before) return;
    const arrived = messages
      .slice(before - newest)
      .filter(({ sender }) => sender !== me && blocked[sender] === undefined);
    const texts =
      arrived.length > 3
        ? [`${arrived.length} new messages`]
        : arrived.map((message) => `${message.sender_name}: ${message.content}`);
    setLines((shown) =>
      [...shown, ...texts.map((text, index) => ({ key: newest + index / 10, text }))].slice(-6),
    );
  }, [blocked, me, messages, newest]);
  return (
    <div className="visually-hidden" role="log" aria-label="New messages">
      {lines.map((line) => (
        <p key={line.key}>{line.text}</p>
      ))}
    </div>
  );
}
