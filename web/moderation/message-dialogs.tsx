/** Questions about one message: whether it goes, and what is wrong with it. */
import { useState } from 'react';
import { limits } from '../../contract/rooms.ts';
import { useClient } from '../chat.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { showToast } from '../ui/toast.tsx';
import { messageCalls } from './message-calls.ts';
import css from './moderation.module.css';

export interface OnMessage {
  roomId: string;
  seq: number;
  senderName: string;
  content: string;
}
interface MessageDialogProps extends OnMessage {
  act: 'remove' | 'report';
  onClose: () => void;
}

const words = {
  remove: {
    title: 'Remove this message?',
    means: 'Its words are gone for everybody. That it stood here stays to be seen.',
    confirm: 'Remove message',
    label: 'Reason (optional)',
    done: 'The message was removed',
  },
  report: {
    title: 'Report this message?',
    means: 'The moderators of the room read it, and decide. Nobody else hears of it.',
    confirm: 'Report',
    label: 'What is wrong with it?',
    done: 'Reported to the moderators',
  },
} as const;

export function ActOnMessageDialog(props: MessageDialogProps) {
  const { act, roomId, seq, senderName, content, onClose } = props;
  const client = useClient();
  const [reason, setReason] = useState('');
  const { title, means, confirm, label, done } = words[act];
  return (
    <ConfirmDialog
      title={title}
      confirm={confirm}
      onClose={onClose}
      onConfirm={async () => {
        const calls = messageCalls(client.call, roomId);
        await (act === 'remove' ? calls.remove(seq, reason.trim()) : calls.report(seq, reason.trim()));
        showToast(done);
      }}
    >
      <blockquote className={css['quote']}>
        <b>{senderName}</b> {content}
      </blockquote>
      <p>{means}</p>
      <TextField label={label} value={reason} limit={limits.reason} rows={2} onChange={setReason} />
    </ConfirmDialog>
  );
}
