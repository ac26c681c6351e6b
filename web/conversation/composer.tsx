/**
 * Where one writes. Enter sends, Shift Enter breaks, the draft of each room is kept; nothing typed or pasted is
 * ever cut off: a text that is too long is counted and explained.
 */
import { SendHorizontal } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { content as contentSchema } from '../../contract/messages.ts';
import { limits } from '../../contract/rooms.ts';
import { codePoints } from '../../contract/text.ts';
import { useChat, useClient } from '../chat.ts';
import { IconButton } from '../ui/icon-button.tsx';
import css from './composer.module.css';

interface ComposerProps {
  roomId: string;
  onSent: () => void;
}

/** The counter appears when so many characters are left. */
const nearLimit = 500;

export function Composer({ roomId, onSent }: ComposerProps) {
  const client = useClient();
  const roomName = useChat((state) => state.rooms[roomId]?.name ?? '');
  const draft = useChat((state) => state.drafts[roomId] ?? '');
  const [text, setText] = useState(draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const left = limits.message - codePoints(text);
  const sendable = contentSchema.safeParse(text).success;

  useLayoutEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  useEffect(() => {
    // On a phone the focus would bring up the keyboard over what one came to read.
    if (matchMedia('(pointer: fine)').matches && document.querySelector('dialog[open]') === null) {
      field.current?.focus({ preventScroll: true });
    }
  }, []);

  const change = (next: string): void => {
    setText(next);
    client.setDraft(roomId, next);
  };
  const send = (): void => {
    if (!sendable) return;
    client.send(roomId, text.trimEnd());
    change('');
    onSent();
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={css['composer']}>
      <div className={css['box']}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={`Message ${roomName}`}
          aria-label={`Message ${roomName}`}
          aria-describedby="composer-limit"
          aria-invalid={left < 0 || undefined}
          enterKeyHint="send"
          onChange={(event) => change(event.target.value)}
          onKeyDown={press}
        />
        <IconButton
          label="Send"
          keys="Enter"
          icon={<SendHorizontal size={18} />}
          className={css['send']}
          disabled={!sendable}
          onClick={send}
        />
      </div>
      <output id="composer-limit" className={css['limit']} data-over={left < 0}>
        {left < 0 &&
          `${(-left).toLocaleString('en')} characters too many to send. Shorten it, or send it in parts.`}
        {left >= 0 && left <= nearLimit && `${left} characters left`}
      </output>
    </div>
  );
}
