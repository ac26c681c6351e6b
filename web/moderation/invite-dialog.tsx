/** Brings people in: by name, or by a link for whoever has it; and what is still open of both. */
import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Profile } from '../../contract/identity.ts';
import { useChat, useClient } from '../chat.ts';
import { momentLabel } from '../conversation/times.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { TextField } from '../ui/text-field.tsx';
import { showToast } from '../ui/toast.tsx';
import { useAct } from '../ui/use-act.ts';
import { useLoaded } from '../ui/use-loaded.ts';
import { countOf } from '../words.ts';
import { findPeople, roomCalls } from './calls.ts';
import css from './moderation.module.css';
import { Rows } from './rows.tsx';

type Part = 'people' | 'link' | 'open';
interface PartProps {
  roomId: string;
}

export function InviteDialog({ roomId, onClose }: PartProps & { onClose: () => void }) {
  const name = useChat((state) => state.rooms[roomId]?.name ?? '');
  const [part, setPart] = useState<Part>('people');
  return (
    <Dialog title={`Invite to ${name}`} onClose={onClose}>
      <Tabs
        label="Ways to invite"
        tabs={[
          { id: 'people', label: 'People' },
          { id: 'link', label: 'Link' },
          { id: 'open', label: 'Open invitations' },
        ]}
        chosen={part}
        onChoose={setPart}
        wide
      />
      <div className={css['body']}>
        {part === 'people' && <People roomId={roomId} />}
        {part === 'link' && <LinkPart roomId={roomId} />}
        {part === 'open' && <OpenInvitations roomId={roomId} />}
      </div>
    </Dialog>
  );
}

/** Typing goes on: the search waits for this long. */
const typing = 200;

function People({ roomId }: PartProps) {
  const client = useClient();
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setWanted(query.trim()), typing);
    return () => clearTimeout(timer);
  }, [query]);
  const members = useChat((state) => state.members[roomId]?.list);
  const found = useLoaded(`people:${wanted}`, async () =>
    wanted === '' ? [] : findPeople(client.call, wanted),
  );
  const isIn = (userId: string): boolean => members?.some((member) => member.user_id === userId) ?? false;
  return (
    <>
      <TextField
        label="Name"
        hint="Whoever you invite can accept or decline."
        value={query}
        limit={50}
        autoComplete="off"
        data-autofocus
        onChange={setQuery}
      />
      {wanted !== '' && (
        <Rows loaded={found} empty={`Nobody whose name begins with “${wanted}”.`}>
          {(person) => (
            <PersonRow key={person.user_id} roomId={roomId} person={person} isIn={isIn(person.user_id)} />
          )}
        </Rows>
      )}
    </>
  );
}

function PersonRow({ roomId, person, isIn }: PartProps & { person: Profile; isIn: boolean }) {
  const client = useClient();
  const { busy, act } = useAct();
  const [invited, setInvited] = useState(false);
  const invite = async (): Promise<void> => {
    await roomCalls(client.call, roomId).invite(person.user_id);
    setInvited(true);
  };
  const standing = isIn ? 'In the room' : invited ? 'Invited' : undefined;
  return (
    <li className={css['row']}>
      <Avatar name={person.name} emoji={person.avatar} size={32} />
      <span className={css['words']}>
        <span className={css['name']}>{person.name}</span>
        {person.status !== '' && <span className={css['about']}> {person.status}</span>}
      </span>
      {standing === undefined ? (
        <Button aria-label={`Invite ${person.name}`} busy={busy} onClick={() => act(invite)}>
          Invite
        </Button>
      ) : (
        <span className={css['about']}>{standing}</span>
      )}
    </li>
  );
}

const lives = [
  ['24', 'One day'],
  ['168', 'One week'],
  ['720', '30 days'],
] as const;
const uses = [
  ['1', 'One person'],
  ['10', '10 people'],
  ['100', '100 people'],
  ['1000', '1,000 people'],
] as const;

function LinkPart({ roomId }: PartProps) {
  const client = useClient();
  const [life, setLife] = useState<(typeof lives)[number][0]>('168');
  const [use, setUse] = useState<(typeof uses)[number][0]>('1');
  const [link, setLink] = useState<string>();
  const { busy, act } = useAct();
  const make = async (): Promise<void> => {
    const token = await roomCalls(client.call, roomId).makeLink(Number(life), Number(use));
    setLink(`${location.origin}/invite/${token}`);
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link ?? '').then(
      () => showToast('Link copied'),
      () => showToast('The link could not be copied: select it, and copy it by hand', 'bad'),
    );
  };
  return (
    <>
      <p className={css['about']}>
        Whoever has the link comes in. It is shown once: pass it on to those you mean.
      </p>
      <div className={css['pair']}>
        <Select label="Good for" choices={lives} value={life} onChange={setLife} />
        <Select label="At most" choices={uses} value={use} onChange={setUse} />
      </div>
      {link === undefined ? (
        <div>
          <Button look="primary" busy={busy} onClick={() => act(make)}>
            Make a link
          </Button>
        </div>
      ) : (
        <div className={css['link']}>
          <TextField label="Invitation link" value={link} limit={2_000} readOnly onChange={() => undefined} />
          <IconButton label="Copy the link" icon={<Copy size={18} />} onClick={() => void copy()} />
        </div>
      )}
    </>
  );
}

function OpenInvitations({ roomId }: PartProps) {
  const client = useClient();
  const calls = roomCalls(client.call, roomId);
  const loaded = useLoaded(`invitations:${roomId}`, () => calls.invitations());
  const { act } = useAct();
  return (
    <Rows loaded={loaded} empty="No invitation is open.">
      {(one) => (
        <li key={one.id} className={css['row']}>
          <span className={css['words']}>
            <span className={css['name']}>{one.user_name ?? 'A link'}</span>
            <span className={css['about']}>
              {one.user_id === undefined && `, good for ${countOf(one.uses_left, 'more use')}`}
              <br />
              by {one.invited_by_name}, ends {momentLabel(one.expires_at)}
            </span>
          </span>
          <Button
            onClick={() =>
              act(async () => {
                await calls.revoke(one.id);
                loaded.reload();
              })
            }
          >
            Take back
          </Button>
        </li>
      )}
    </Rows>
  );
}
