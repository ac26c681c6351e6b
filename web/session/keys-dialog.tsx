/** API keys of one's own: for services that post into rooms. A key is shown once, when it is made. */
import { Copy, Plus } from 'lucide-react';
import { useState } from 'react';
import * as z from 'zod/mini';
import { apiKey, createdKey, keyCall, type ApiKey, type KeyCall } from '../../contract/identity.ts';
import { limits } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { dateLabel } from '../conversation/times.ts';
import { Rows } from '../moderation/rows.tsx';
import { Button } from '../ui/button.tsx';
import { Checks } from '../ui/checks.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Form } from '../ui/form.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { showToast } from '../ui/toast.tsx';
import { useAct } from '../ui/use-act.ts';
import { useForm } from '../ui/use-form.ts';
import { useLoaded } from '../ui/use-loaded.ts';
import css from '../moderation/moderation.module.css';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<'list' | 'new' | { key: string }>('list');
  return (
    <Dialog title={step === 'new' ? 'New API key' : 'API keys'} onClose={onClose} wide>
      {step === 'list' && <KeyList onNew={() => setStep('new')} />}
      {step === 'new' && <NewKey onBack={() => setStep('list')} onMade={(key) => setStep({ key })} />}
      {typeof step === 'object' && <MadeKey secret={step.key} onDone={() => setStep('list')} />}
    </Dialog>
  );
}

function KeyList({ onNew }: { onNew: () => void }) {
  const client = useClient();
  const loaded = useLoaded('keys', () => client.call.read(z.array(apiKey), '/keys'));
  const { act } = useAct();
  const revoke = (id: string): void =>
    act(async () => {
      await client.call.tell('DELETE', `/keys/${encodeURIComponent(id)}`);
      loaded.reload();
    });
  return (
    <>
      <p className={css['about']}>
        With a key a service of yours writes or reads in rooms that you own or moderate, in its own name.
      </p>
      <Rows loaded={loaded} empty="You have no keys.">
        {(key) => <KeyRow key={key.id} apiKey={key} onRevoke={() => revoke(key.id)} />}
      </Rows>
      <DialogActions>
        <Button look="primary" icon={<Plus size={16} />} onClick={onNew}>
          New key
        </Button>
      </DialogActions>
    </>
  );
}

function KeyRow({ apiKey: key, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const rooms = useChat((state) => state.rooms);
  const [asked, setAsked] = useState(false);
  const names = key.rooms.map((id) => rooms[id]?.name ?? 'a room that is gone').join(', ');
  const ends = key.expires_at === undefined ? '' : `, ends on ${dateLabel(key.expires_at)}`;
  const used = key.last_used_at === undefined ? 'never used' : `last used on ${dateLabel(key.last_used_at)}`;
  return (
    <li className={css['row']}>
      <div className={css['words']}>
        <p>
          <span className={css['name']}>{key.name}</span> <code>{key.prefix}…</code>
        </p>
        <p className={css['about']}>
          {key.calls.map((call) => callLabels[call]).join(', ')} in {names}
        </p>
        <p className={css['about']}>
          Made on {dateLabel(key.created_at)}, {used}
          {ends}
        </p>
      </div>
      <Button
        look={asked ? 'danger' : 'plain'}
        aria-label={asked ? `Revoke ${key.name} for good` : `Revoke ${key.name}`}
        onClick={() => (asked ? onRevoke() : setAsked(true))}
      >
        {asked ? 'Revoke for good' : 'Revoke'}
      </Button>
    </li>
  );
}

const callLabels: Record<KeyCall, string> = {
  publish: 'Write',
  read_room: 'Read about the room',
  read_messages: 'Read messages',
  list_members: 'List members',
};
const lives = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'One year'],
  ['', 'Until it is revoked'],
] as const;

function NewKey({ onBack, onMade }: { onBack: () => void; onMade: (key: string) => void }) {
  const client = useClient();
  const rooms = useRunRooms();
  const [chosenRooms, setRooms] = useState<string[]>([]);
  const [calls, setCalls] = useState<KeyCall[]>(['publish']);
  const [life, setLife] = useState<(typeof lives)[number][0]>('90');
  const form = useForm({
    initial: { name: '' },
    schema: z.object({ name: z.string().check(z.minLength(1, 'must not be empty')) }),
    labels: { name: 'The name' },
    submit: async ({ name }) => {
      const days = Number(life);
      const made = await client.call.ask(createdKey, 'POST', '/keys', {
        name,
        rooms: chosenRooms,
        calls,
        ...(life !== '' && { expires_at: new Date(Date.now() + days * 86_400_000).toISOString() }),
      });
      onMade(made.key);
    },
  });
  if (rooms.length === 0) {
    return <p>Keys are for rooms that you own or moderate. You run none yet.</p>;
  }
  return (
    <Form
      form={form}
      actions={
        <DialogActions>
          <Button onClick={onBack}>Back</Button>
          <Button
            type="submit"
            look="primary"
            busy={form.busy}
            disabled={chosenRooms.length === 0 || calls.length === 0}
          >
            Make the key
          </Button>
        </DialogActions>
      }
    >
      <TextField
        {...form.field('name')}
        label="Name"
        hint="Messages of the service stand under it."
        limit={limits.userName}
        autoComplete="off"
        data-autofocus
      />
      <Checks
        label="Rooms"
        choices={rooms.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={chosenRooms}
        onChange={setRooms}
      />
      <Checks
        label="May"
        choices={keyCall.options.map((value) => ({ value, label: callLabels[value] }))}
        chosen={calls}
        onChange={setCalls}
      />
      <Select label="Good for" choices={lives} value={life} onChange={setLife} />
    </Form>
  );
}

/** Rooms that the person owns or moderates. */
function useRunRooms(): { id: string; name: string }[] {
  const memberships = useChat((state) => state.memberships);
  const rooms = useChat((state) => state.rooms);
  return Object.entries(memberships)
    .filter(([, { role }]) => role !== 'member')
    .map(([id]) => ({ id, name: rooms[id]?.name ?? '' }));
}

function MadeKey({ secret, onDone }: { secret: string; onDone: () => void }) {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret).then(
      () => showToast('Key copied'),
      () => showToast('The key could not be copied: select it, and copy it by hand', 'bad'),
    );
  };
  return (
    <>
      <p>
        This is the only time that the key is shown. Keep it where your service finds it, and nobody else.
      </p>
      <div className={css['link']}>
        <TextField label="API key" value={secret} limit={2_000} readOnly onChange={() => undefined} />
        <IconButton label="Copy the key" icon={<Copy size={18} />} onClick={() => void copy()} />
      </div>
      <DialogActions>
        <Button look="primary" onClick={onDone}>
          I have it
        </Button>
      </DialogActions>
    </>
  );
}
