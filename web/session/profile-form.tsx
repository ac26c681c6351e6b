/** Name, avatar and status: what others see of oneself. */
import { changeMeBody, me as meSchema, type Me } from '../../contract/identity.ts';
import { limits } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { Form } from '../ui/form.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useForm } from '../ui/use-form.ts';
import { codeOf } from '../words.ts';
import css from './profile.module.css';

const suggested = ['🦊', '🐝', '🌿', '🍋', '⛵', '🎧', '🧭', '🪁'];

export function ProfileForm({ me, onClose }: { me: Me; onClose: () => void }) {
  const client = useClient();
  const session = useChat((state) => state.session);
  const form = useForm({
    initial: { name: me.name, avatar: me.avatar, status: me.status },
    schema: changeMeBody,
    labels: { name: 'Your name', avatar: 'The avatar', status: 'The status' },
    submit: async ({ name = me.name, avatar = '', status = '' }) => {
      const changed = await client.call.ask(meSchema, 'PATCH', '/me', {
        ...(name !== me.name && { name }),
        ...(avatar !== me.avatar && { avatar }),
        ...(status !== me.status && { status }),
      });
      if (session !== undefined && changed.name !== session.user.name) {
        client.begin({ ...session, user: { ...session.user, name: changed.name } });
      }
      await client.loadMe();
      onClose();
    },
    explain: (failure, { name }) =>
      codeOf(failure) === 'name_taken'
        ? { name: `“${name.trim()}” is taken by somebody else. Choose another name.` }
        : undefined,
  });
  const avatar = form.field('avatar');
  return (
    <Form
      form={form}
      actions={
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            Save
          </Button>
        </DialogActions>
      }
    >
      <TextField
        {...form.field('name')}
        label="Name"
        limit={limits.userName}
        autoComplete="nickname"
        required
        data-autofocus
      />
      <div className={css['avatar']}>
        <Avatar name={form.field('name').value} emoji={avatar.value.trim()} size={48} />
        <TextField
          {...avatar}
          label="Avatar"
          hint="One emoji. Leave it empty for your initials."
          limit={16}
          autoComplete="off"
        />
      </div>
      <div className={css['suggested']}>
        {suggested.map((emoji) => (
          <button
            key={emoji}
            type="button"
            aria-label={`Use ${emoji}`}
            aria-pressed={avatar.value === emoji}
            onClick={() => avatar.onChange(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
      <TextField
        {...form.field('status')}
        label="Status"
        hint="What you are at. Everybody in your rooms sees it."
        limit={limits.status}
        autoComplete="off"
      />
    </Form>
  );
}
