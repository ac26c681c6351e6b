/** The first thing a guest sees: one field for a name, and what is wrong with it if anything is. */
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { sessionBody } from '../../contract/identity.ts';
import { limits } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { ProblemFailure } from '../connection/model.ts';
import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { TextField } from '../ui/text-field.tsx';
import { codeOf, explain, sentenceFor } from '../words.ts';
import css from './sign-in.module.css';

export function SignIn() {
  const client = useClient();
  const [name, setName] = useState('');
  const ended = useChat((state) => state.ended);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), [error]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const checked = sessionBody.safeParse({ name });
    if (!checked.success) {
      setError(`Your name ${checked.error.issues[0]?.message ?? 'is not valid'}.`);
      return;
    }
    setBusy(true);
    try {
      await client.signIn(checked.data.name);
    } catch (failure) {
      setError(reasonOf(failure, name.trim()));
      setBusy(false);
    }
  };
  return (
    <main className={css['screen']}>
      <div className={css['card']}>
        <Logo size={44} />
        <h1>Hubbub</h1>
        <p className={css['lead']}>Chat in rooms that you create. Choose a name, and walk in.</p>
        {ended !== undefined && (
          <p className={css['ended']} role="alert">
            {sentenceFor(ended)}
          </p>
        )}
        <form className={css['form']} noValidate onSubmit={(event) => void submit(event)}>
          <TextField
            ref={field}
            label="Your name"
            hint="This is how others see you."
            value={name}
            limit={limits.userName}
            error={error}
            autoComplete="nickname"
            required
            onChange={(next) => {
              setName(next);
              setError(undefined);
            }}
          />
          <Button type="submit" look="primary" busy={busy}>
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}

function reasonOf(failure: unknown, name: string): string {
  if (codeOf(failure) === 'name_taken') return `“${name}” is taken by somebody else. Choose another name.`;
  const wrong = failure instanceof ProblemFailure ? failure.problem.errors?.[0]?.message : undefined;
  return wrong === undefined ? explain(failure) : `Your name ${wrong}.`;
}
