/** How one signs in, and the two ways to end it: everywhere, and for good. */
import { useState } from 'react';
import * as z from 'zod/mini';
import { passwordBody, type Me } from '../../contract/identity.ts';
import { useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { TextField } from '../ui/text-field.tsx';
import { showToast } from '../ui/toast.tsx';
import { useForm } from '../ui/use-form.ts';
import { codeOf, explain } from '../words.ts';
import css from './profile.module.css';

interface PartProps {
  me: Me;
  onClose: () => void;
}

export function AccountPart({ me, onClose }: PartProps) {
  return (
    <div className={css['form']}>
      <p className={css['hint']}>{howSignedIn(me)}</p>
      {me.kind === 'account' && <PasswordForm />}
      {me.kind !== 'guest' && <Everywhere onClose={onClose} />}
      {me.kind !== 'guest' && <DeleteAccount me={me} onClose={onClose} />}
    </div>
  );
}

function howSignedIn({ kind, email }: Me): string {
  if (kind === 'account') return `You sign in with ${email ?? 'your e-mail'} and a password.`;
  if (kind === 'oidc') return 'You sign in through another service. Your password is changed there.';
  return 'You are here as a guest: the name is yours until you sign out, or for as long as you come back.';
}

function PasswordForm() {
  const client = useClient();
  const [round, setRound] = useState(1);
  return (
    <PasswordFields
      key={round}
      change={async (body) => {
        await client.call.tell('PUT', '/me/password', body);
        showToast('Password changed');
        setRound(round + 1);
      }}
    />
  );
}

function PasswordFields({ change }: { change: (body: unknown) => Promise<void> }) {
  const form = useForm({
    initial: { current: '', password: '' },
    schema: passwordBody,
    labels: { current: 'The current password', password: 'The new password' },
    submit: change,
    explain: (failure) =>
      codeOf(failure) === 'wrong_credentials' ? { current: 'This is not your current password.' } : undefined,
  });
  return (
    <Form
      form={form}
      actions={
        <div>
          <Button type="submit" busy={form.busy}>
            Change password
          </Button>
        </div>
      }
    >
      <TextField
        {...form.field('current')}
        label="Current password"
        type="password"
        limit={1_024}
        autoComplete="current-password"
      />
      <TextField
        {...form.field('password')}
        label="New password"
        hint="At least 8 characters."
        type="password"
        limit={256}
        autoComplete="new-password"
      />
    </Form>
  );
}

function Everywhere({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const leave = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.signOut({ everywhere: true });
      onClose();
    } catch (failure) {
      showToast(explain(failure), 'bad');
      setBusy(false);
    }
  };
  return (
    <section className={css['part']}>
      <h3>Sign out everywhere</h3>
      <p className={css['hint']}>Ends your session here and on every other device, at once.</p>
      <Button busy={busy} onClick={() => void leave()}>
        Sign out everywhere
      </Button>
    </section>
  );
}

function DeleteAccount({ me, onClose }: PartProps) {
  const client = useClient();
  const [asking, setAsking] = useState(false);
  const withPassword = me.kind === 'account';
  const form = useForm({
    initial: { password: '' },
    schema: z.object({ password: z.string() }),
    labels: { password: 'The password' },
    submit: async ({ password }) => {
      await client.call.tell('DELETE', '/me', withPassword ? { password } : {});
      onClose();
      await client.signOut();
    },
    explain: (failure) =>
      codeOf(failure) === 'wrong_credentials' ? { password: 'This is not your password.' } : undefined,
  });
  return (
    <section className={css['part']}>
      <h3>Delete the account</h3>
      <p className={css['hint']}>
        You leave every room, and nobody can sign in as you. What you wrote stays, under your name of then.
        This cannot be undone.
      </p>
      {!asking && <Button onClick={() => setAsking(true)}>Delete account …</Button>}
      {asking && (
        <Form
          form={form}
          actions={
            <div className={css['row']}>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button type="submit" look="danger" busy={form.busy}>
                Delete account
              </Button>
            </div>
          }
        >
          {withPassword && (
            <TextField
              {...form.field('password')}
              label="Your password, to be sure"
              type="password"
              limit={1_024}
              autoComplete="current-password"
              data-autofocus
            />
          )}
        </Form>
      )}
    </section>
  );
}
