/** What a room is called and who comes in, for creating and for changing it: refused in place. */
import { useState } from 'react';
import { createRoomBody, limits, type Room, type RoomHistory, type RoomKind } from '../../contract/rooms.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { Form } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useForm } from '../ui/use-form.ts';
import { codeOf } from '../words.ts';
import { roomKinds } from './room-kinds.tsx';

export type RoomText = Pick<Room, 'name' | 'description' | 'kind' | 'history' | 'slow_mode_seconds'>;

interface RoomFormProps {
  initial: RoomText;
  submitLabel: string;
  onSubmit: (room: RoomText) => Promise<void>;
  onCancel: () => void;
  /** Also what only a room that is there has: how often one may write. */
  existing?: boolean;
}

const kinds = (['open', 'by_request', 'private'] as const).map((value) => {
  const { label, about, Icon } = roomKinds[value];
  return { value, label, about, icon: <Icon size={18} /> };
});
const histories: { value: RoomHistory; label: string }[] = [
  { value: 'all', label: 'Everything that was said before' },
  { value: 'since_joining', label: 'Only what is said after they joined' },
];

export function RoomForm({ initial, submitLabel, onSubmit, onCancel, existing = false }: RoomFormProps) {
  const [kind, setKind] = useState<RoomKind>(initial.kind);
  const [history, setHistory] = useState<RoomHistory>(initial.history);
  const [slow, setSlow] = useState(initial.slow_mode_seconds);
  const form = useForm({
    initial: { name: initial.name, description: initial.description },
    schema: createRoomBody,
    labels: { name: 'The name', description: 'The description' },
    submit: ({ name, description }) =>
      onSubmit({ name, description: description.trim(), kind, history, slow_mode_seconds: slow }),
    explain: (failure, { name }) =>
      codeOf(failure) === 'name_taken'
        ? { name: `There is a room called “${name.trim()}” already. Choose another name.` }
        : undefined,
  });
  return (
    <Form
      form={form}
      actions={
        <DialogActions>
          <Button onClick={onCancel}>Cancel</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            {submitLabel}
          </Button>
        </DialogActions>
      }
    >
      <TextField
        {...form.field('name')}
        label="Name"
        limit={limits.roomName}
        placeholder="Design"
        autoComplete="off"
        required
        data-autofocus
      />
      <TextField
        {...form.field('description')}
        label="Description (optional)"
        limit={limits.description}
        rows={2}
        placeholder="What this room is for"
      />
      <Choices label="Who comes in" choices={kinds} value={kind} onChange={setKind} />
      <Choices label="New members see" choices={histories} value={history} onChange={setHistory} />
      {existing && <SlowMode seconds={slow} onChange={setSlow} />}
    </Form>
  );
}

const pauses = [
  ['0', 'Off'],
  ['10', 'One message in 10 seconds'],
  ['30', 'One message in 30 seconds'],
  ['60', 'One message a minute'],
  ['300', 'One message in 5 minutes'],
  ['900', 'One message in 15 minutes'],
  ['3600', 'One message an hour'],
] as const;

/** How often a member may write. A value that others chose by other means stands among the usual ones. */
export function SlowMode({ seconds, onChange }: { seconds: number; onChange: (seconds: number) => void }) {
  const value = String(seconds);
  const known = pauses.some(([pause]) => pause === value);
  const choices = known ? pauses : [...pauses, [value, `One message in ${value} seconds`] as const];
  return (
    <Select
      label="Slow mode"
      choices={choices as readonly (readonly [string, string])[]}
      value={value}
      hint="Owner and moderators are not slowed."
      onChange={(chosen) => onChange(Number(chosen))}
    />
  );
}
