/**
 * What one can do about a message. One button for each, unseen until the pointer, the focus or a tap is on the
 * message; in the whole list one of them is a stop of the Tab key, and arrow keys walk from there.
 */
import { Copy, Ellipsis, EyeOff, Flag, Pin, PinOff, Trash2 } from 'lucide-react';
import { useChat, useClient, useUserId } from '../chat.ts';
import { openDialog } from '../dialogs.ts';
import { messageCalls } from '../moderation/message-calls.ts';
import { isModerator, mayActOn } from '../moderation/standing.ts';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { explain, Said } from '../words.ts';
import type { Entry } from './blocks.ts';
import css from './message-row.module.css';
import { usePins } from './pins.tsx';

interface MessageMenuProps {
  roomId: string;
  entry: Entry;
  seq: number;
  reachable: boolean;
}

export function MessageMenu({ roomId, entry, seq, reachable }: MessageMenuProps) {
  return (
    <Menu
      label={`What to do about the message of ${entry.senderName}`}
      button={<Ellipsis size={16} />}
      buttonClassName={css['menu']}
      tabIndex={reachable ? 0 : -1}
    >
      <Items roomId={roomId} entry={entry} seq={seq} />
    </Menu>
  );
}

function Items({ roomId, entry, seq }: Omit<MessageMenuProps, 'reachable'>) {
  const client = useClient();
  const own = useUserId() === entry.sender;
  const mine = useChat((state) => state.memberships[roomId]?.role);
  const theirs = useChat(
    (state) => state.members[roomId]?.list.find(({ user_id }) => user_id === entry.sender)?.role,
  );
  const pinned = usePins(roomId).some((pin) => pin.seq === seq);
  const calls = messageCalls(client.call, roomId);
  const about = { roomId, seq, senderName: entry.senderName, content: entry.content };
  const act = (run: Promise<void>, news?: string): void => {
    run.then(
      () => {
        if (news !== undefined) showToast(news);
      },
      (failure: unknown) => showToast(explain(failure), 'bad'),
    );
  };
  const pin = (): void => {
    const change = pinned ? calls.unpin(seq) : calls.pin(seq);
    act(change.then(() => client.loadPins(roomId)));
  };
  const block = (): void => {
    const person = { user_id: entry.sender, name: entry.senderName };
    act(client.block(person), `${entry.senderName} is blocked. Your profile lists whom you have blocked`);
  };
  const copied = (): void =>
    act(
      navigator.clipboard.writeText(entry.content).catch(() => Promise.reject(notCopied)),
      'Text copied',
    );
  const isPerson = !entry.sender.startsWith('service:');
  return (
    <>
      <MenuItem icon={<Copy size={16} />} onSelect={copied}>
        Copy text
      </MenuItem>
      {isModerator(mine) && (
        <MenuItem icon={pinned ? <PinOff size={16} /> : <Pin size={16} />} onSelect={pin}>
          {pinned ? 'Unpin' : 'Pin'}
        </MenuItem>
      )}
      {!own && (
        <>
          <MenuLine />
          <MenuItem
            icon={<Flag size={16} />}
            onSelect={() => openDialog({ kind: 'act_on_message', act: 'report', ...about })}
          >
            Report …
          </MenuItem>
          {isPerson && (
            <MenuItem icon={<EyeOff size={16} />} onSelect={block}>
              Block {entry.senderName}
            </MenuItem>
          )}
        </>
      )}
      {isModerator(mine) && (own || mayActOn(mine, theirs)) && (
        <>
          <MenuLine />
          <MenuItem
            danger
            icon={<Trash2 size={16} />}
            onSelect={() => openDialog({ kind: 'act_on_message', act: 'remove', ...about })}
          >
            Remove …
          </MenuItem>
        </>
      )}
    </>
  );
}

const notCopied = new Said('The text could not be copied.');
