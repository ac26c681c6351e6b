/** What one can do about a person in a room: fold their messages away, and for those who run it what they may. */
import { Ban, Crown, Ellipsis, Eye, EyeOff, MicOff, Mic, Shield, ShieldOff, UserRoundX } from 'lucide-react';
import type { Member } from '../../contract/rooms.ts';
import { useChat, useClient, useUserId } from '../chat.ts';
import { useStillAhead } from '../conversation/still-ahead.ts';
import { openDialog } from '../dialogs.ts';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { explain } from '../words.ts';
import { roomCalls } from './calls.ts';
import { mayActOn } from './standing.ts';
import css from './member-menu.module.css';

interface MemberMenuProps {
  roomId: string;
  member: Member;
}

export function MemberMenu({ roomId, member }: MemberMenuProps) {
  const me = useUserId();
  if (member.user_id === me) return null;
  return (
    <Menu
      label={`What to do about ${member.name}`}
      button={<Ellipsis size={16} />}
      buttonClassName={css['button']}
    >
      <Items roomId={roomId} member={member} />
    </Menu>
  );
}

function Items({ roomId, member }: MemberMenuProps) {
  const client = useClient();
  const mine = useChat((state) => state.memberships[roomId]?.role);
  const blocked = useChat((state) => state.blocked[member.user_id] !== undefined);
  const { user_id: userId, name, role, muted_until } = member;
  const muted = useStillAhead(muted_until);
  const calls = roomCalls(client.call, roomId);
  const act = (run: Promise<void>): void => {
    run.then(
      () => client.loadMembers(roomId),
      (failure: unknown) => showToast(explain(failure), 'bad'),
    );
  };
  const ask = (kind: 'remove' | 'ban' | 'mute'): void =>
    openDialog({ kind: 'act_on_member', act: kind, roomId, userId, name });
  return (
    <>
      {mine === 'owner' && role === 'member' && (
        <MenuItem icon={<Shield size={16} />} onSelect={() => act(calls.changeRole(userId, 'moderator'))}>
          Make a moderator
        </MenuItem>
      )}
      {mine === 'owner' && role === 'moderator' && (
        <MenuItem icon={<ShieldOff size={16} />} onSelect={() => act(calls.changeRole(userId, 'member'))}>
          Dismiss as moderator
        </MenuItem>
      )}
      {mine === 'owner' && (
        <MenuItem
          icon={<Crown size={16} />}
          onSelect={() => openDialog({ kind: 'hand_over', roomId, userId, name })}
        >
          Hand the room over …
        </MenuItem>
      )}
      {mine === 'owner' && <MenuLine />}
      <MenuItem
        icon={blocked ? <Eye size={16} /> : <EyeOff size={16} />}
        onSelect={() =>
          blocked ? act(client.unblock(userId)) : act(client.block({ user_id: userId, name }))
        }
      >
        {blocked ? 'Unblock' : 'Block'}
      </MenuItem>
      {mayActOn(mine, role) && (
        <>
          <MenuLine />
          {!muted ? (
            <MenuItem icon={<MicOff size={16} />} onSelect={() => ask('mute')}>
              Mute …
            </MenuItem>
          ) : (
            <MenuItem icon={<Mic size={16} />} onSelect={() => act(calls.lift('mutes', userId))}>
              Lift the mute
            </MenuItem>
          )}
          <MenuItem danger icon={<UserRoundX size={16} />} onSelect={() => ask('remove')}>
            Remove …
          </MenuItem>
          <MenuItem danger icon={<Ban size={16} />} onSelect={() => ask('ban')}>
            Ban …
          </MenuItem>
        </>
      )}
    </>
  );
}
