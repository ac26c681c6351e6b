/** The left of the page: search, ➕, the list, and what stands in its place while there is nothing to list. */
import { Plus } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useChat, useClient } from '../chat.ts';
import { openDialog } from '../dialogs.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { sentenceFor } from '../words.ts';
import { Invitations } from './invitations.tsx';
import { RoomList, type RoomListHandle } from './room-list.tsx';
import { SearchField } from './search-field.tsx';
import { useArrangement } from './use-arrangement.ts';
import { useRoomKeys } from './use-room-keys.ts';
import css from './rooms-pane.module.css';

export function RoomsPane({ currentId }: { currentId: string | undefined }) {
  const client = useClient();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [held, setHeld] = useState(false);
  const { rows, own, others } = useArrangement(query, held);
  const list = useRef<RoomListHandle>(null);
  const search = useRef<HTMLInputElement>(null);

  const searchFor = useCallback(
    (text: string): void => {
      setQuery(text);
      client.searchRooms(text.trim());
    },
    [client],
  );
  const open = (roomId: string | undefined): void => {
    if (roomId === undefined) return;
    void navigate(roomId === '' ? '/' : `/rooms/${roomId}`);
    if (query !== '') searchFor('');
  };
  useRoomKeys({ ids: own.length > 0 ? own : others, search, open });

  return (
    <>
      <div className={css['top']}>
        <SearchField
          ref={search}
          query={query}
          onChange={searchFor}
          onOpenFirst={() => query.trim() !== '' && open(own[0] ?? others[0])}
          onEnterList={() => list.current?.focusFirst()}
        />
        <IconButton
          label="Create a room"
          icon={<Plus size={20} />}
          className={css['create']}
          onClick={() => openDialog({ kind: 'create_room', name: '' })}
        />
      </div>
      <Invitations />
      {rows.length > 0 && <RoomList ref={list} rows={rows} currentId={currentId} onHold={setHeld} />}
      <div className={css['notice']}>
        <RoomsNotice rows={rows.length} query={query.trim()} onRetry={() => searchFor(query)} />
      </div>
    </>
  );
}

interface RoomsNoticeProps {
  rows: number;
  query: string;
  onRetry: () => void;
}

function RoomsNotice({ rows, query, onRetry }: RoomsNoticeProps) {
  const loading = useChat((state) => state.directory.loading);
  if (loading.state === 'error') {
    return (
      <Notice
        size="corner"
        title="The list could not be loaded"
        action={<Button onClick={onRetry}>Try again</Button>}
      >
        {sentenceFor(loading.problem)}
      </Notice>
    );
  }
  if (rows > 0) return null;
  if (loading.state !== 'ready') return <Skeleton label="Loading rooms" kind="rooms" count={8} />;
  const create = (name: string) => (
    <Button
      look="primary"
      icon={<Plus size={16} />}
      onClick={() => openDialog({ kind: 'create_room', name })}
    >
      {name === '' ? 'Start the first room' : `Create “${name}”`}
    </Button>
  );
  return query === '' ? (
    <Notice size="corner" title="No rooms yet" action={create('')}>
      A room is a place for one topic, one team or one plan.
    </Notice>
  ) : (
    <Notice size="corner" title="No room matches" action={create(query)}>
      There is none whose name begins with “{query}”.
    </Notice>
  );
}
