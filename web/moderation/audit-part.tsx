/** The audit trail: who did what to whom, when and why, newest first, narrowed by any of them. */
import { useState } from 'react';
import { auditAction, type AuditAction, type AuditEntry } from '../../contract/moderation.ts';
import { useChat, useClient } from '../chat.ts';
import { exactTime } from '../conversation/times.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { useAct } from '../ui/use-act.ts';
import { useLoaded } from '../ui/use-loaded.ts';
import { actionLabels, sentenceOf } from './audit-words.ts';
import { roomCalls, type AuditFilter } from './calls.ts';
import css from './moderation.module.css';
import { Rows } from './rows.tsx';

const anything = ['', 'Anything'] as const;
const actions = [
  anything,
  ...auditAction.options.map((action) => [action, actionLabels[action]] as const),
] as const;

export function AuditPart({ roomId }: { roomId: string }) {
  const [by, setBy] = useState('');
  const [target, setTarget] = useState('');
  const [action, setAction] = useState<AuditAction | ''>('');
  const people = usePeople(roomId);
  const filter: AuditFilter = {
    by: by === '' ? undefined : by,
    target: target === '' ? undefined : target,
    action: action === '' ? undefined : action,
  };
  return (
    <>
      <div className={css['filters']}>
        <Select label="Who" choices={[['', 'Anybody'], ...people]} value={by} onChange={setBy} />
        <Select label="Did what" choices={actions} value={action} onChange={setAction} />
        <Select label="To whom" choices={[['', 'Anybody'], ...people]} value={target} onChange={setTarget} />
      </div>
      <Entries key={JSON.stringify(filter)} roomId={roomId} filter={filter} />
    </>
  );
}

/** Who is in the room. Somebody who has left is found among the entries themselves. */
function usePeople(roomId: string): (readonly [string, string])[] {
  const members = useChat((state) => state.members[roomId]?.list);
  return (members ?? []).map(({ user_id, name }) => [user_id, name] as const);
}

function Entries({ roomId, filter }: { roomId: string; filter: AuditFilter }) {
  const client = useClient();
  const calls = roomCalls(client.call, roomId);
  const [more, setMore] = useState<{ items: AuditEntry[]; next?: string | undefined }>();
  const first = useLoaded(`audit:${roomId}`, () => calls.audit(filter));
  const { busy, act } = useAct();
  const shown = { ...first, value: first.value && [...first.value.items, ...(more?.items ?? [])] };
  const next = more === undefined ? first.value?.next : more.next;
  const loadMore = async (): Promise<void> => {
    const page = await calls.audit(filter, next);
    setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next });
  };
  return (
    <>
      <Rows loaded={shown} empty="Nothing of the kind has happened.">
        {(entry) => (
          <li key={entry.id} className={css['row']}>
            <div className={css['words']}>
              <p>
                <span className={css['name']}>{entry.by_name}</span> {sentenceOf(entry)}
              </p>
              {entry.reason !== undefined && entry.reason !== '' && (
                <p className={css['reason']}>{entry.reason}</p>
              )}
              <p className={css['about']}>{exactTime(entry.at)}</p>
            </div>
          </li>
        )}
      </Rows>
      {next !== undefined && (
        <Button className={css['more']} busy={busy} onClick={() => act(loadMore)}>
          Earlier
        </Button>
      )}
    </>
  );
}
