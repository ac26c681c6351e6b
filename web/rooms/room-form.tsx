/** Name and description of a room, for creating and for changing it: checked as one types, refused in place. */
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { createRoomBody, limits } from '../../contract/rooms.ts';
import { ProblemFailure } from '../connection/model.ts';
import { Button } from '../ui/button.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { explain } from '../words.ts';
import css from './room-form.module.css';

export interface RoomText {
  name: string;
  description: string;
}
type Errors = Partial<Record<keyof RoomText | 'form', string>>;

interface RoomFormProps {
  initial: RoomText;
  submitLabel: string;
  onSubmit: (room: RoomText) => Promise<void>;
  onCancel: () => void;
}

export function RoomForm({ initial, submitLabel, onSubmit, onCancel }: RoomFormProps) {
  const [room, setRoom] = useState(initial);
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [errors]);
  const change = (part: Partial<RoomText>): void => {
    setRoom({ ...room, ...part });
    setErrors({});
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const found = check(room);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await onSubmit({ name: room.name.trim(), description: room.description.trim() });
    } catch (failure) {
      setErrors(errorsOf(failure, room.name.trim()));
      setBusy(false);
    }
  };
  return (
    <form ref={form} className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label="Name"
        value={room.name}
        limit={limits.roomName}
        error={errors.name}
        placeholder="Design"
        autoComplete="off"
        required
        data-autofocus
        onChange={(name) => change({ name })}
      />
      <TextField
        label="Description (optional)"
        value={room.description}
        limit={limits.description}
        rows={3}
        error={errors.description}
        placeholder="What this room is for"
        onChange={(description) => change({ description })}
      />
      <p role="alert" className={css['error']}>
        {errors.form}
      </p>
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" busy={busy}>
          {submitLabel}
        </Button>
      </DialogActions>
    </form>
  );
}

function check(room: RoomText): Errors {
  const result = createRoomBody.safeParse(room);
  if (result.success) return {};
  return Object.fromEntries(
    result.error.issues.map(({ path, message }) => [String(path[0]), sentence(path[0], message)]),
  );
}

function errorsOf(failure: unknown, name: string): Errors {
  if (!(failure instanceof ProblemFailure)) return { form: explain(failure) };
  const { code, errors } = failure.problem;
  if (code === 'name_taken')
    return { name: `There is a room called “${name}” already. Choose another name.` };
  if (errors === undefined || errors.length === 0) return { form: explain(failure) };
  return Object.fromEntries(errors.map(({ path, message }) => [path, sentence(path, message)]));
}

function sentence(path: PropertyKey | undefined, message: string): string {
  return `The ${String(path)} ${message}.`;
}
