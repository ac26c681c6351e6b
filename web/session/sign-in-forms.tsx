/** The forms of the ways in: a name for a guest, e-mail and password for an account, and all three for a new one. */
import type { ReactNode } from 'react';
import { registerBody, session, sessionBody, signInBody } from '../../contract/identity.ts';
import { limits } from '../../contract/rooms.ts';
import { useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useForm, type FormState } from '../ui/use-form.ts';
import { codeOf } from '../words.ts';
import { rememberWay, type Way } from './providers.ts';

export function GuestForm() {
  const client = useClient();
  const form = useForm({
    initial: { name: '' },
    schema: sessionBody,
    labels: { name: 'Your name' },
    submit: async ({ name }) => {
      await client.signIn(name);
      rememberWay('guest');
    },
    explain: (failure, { name }) => (codeOf(failure) === 'name_taken' ? { name: taken(name) } : undefined),
  });
  return (
    <Form form={form} actions={<Submit form={form}>Continue as guest</Submit>}>
      <TextField
        {...form.field('name')}
        label="Your name"
        hint="This is how others see you, until you sign out."
        limit={limits.userName}
        autoComplete="nickname"
        required
        data-autofocus
      />
    </Form>
  );
}

export function AccountForm() {
  const begin = useBegin('sign_in');
  const form = useForm({
    initial: { email: '', password: '' },
    schema: signInBody,
    labels: { email: 'The e-mail', password: 'The password' },
    submit: (body) => begin('/auth/sign-in', body),
    explain: (failure) =>
      codeOf(failure) === 'wrong_credentials'
        ? { password: 'The e-mail or the password is wrong.' }
        : undefined,
  });
  return (
    <Form form={form} actions={<Submit form={form}>Sign in</Submit>}>
      <Email form={form} autofocus />
      <TextField
        {...form.field('password')}
        label="Password"
        type="password"
        limit={1_024}
        autoComplete="current-password"
        required
      />
    </Form>
  );
}

export function RegisterForm() {
  const begin = useBegin('register');
  const form = useForm({
    initial: { name: '', email: '', password: '' },
    schema: registerBody,
    labels: { name: 'Your name', email: 'The e-mail', password: 'The password' },
    submit: (body) => begin('/auth/register', body),
    explain: (failure, { name }) => {
      if (codeOf(failure) === 'name_taken') return { name: taken(name) };
      if (codeOf(failure) !== 'email_taken') return undefined;
      return { email: 'There is an account with this e-mail already. Sign in instead.' };
    },
  });
  return (
    <Form form={form} actions={<Submit form={form}>Create account</Submit>}>
      <TextField
        {...form.field('name')}
        label="Your name"
        hint="This is how others see you. You can change it later."
        limit={limits.userName}
        autoComplete="nickname"
        required
        data-autofocus
      />
      <Email form={form} />
      <TextField
        {...form.field('password')}
        label="Password"
        hint="At least 8 characters. A few words that you remember are good."
        type="password"
        limit={256}
        autoComplete="new-password"
        required
      />
    </Form>
  );
}

function Submit({ form, children }: { form: { busy: boolean }; children: ReactNode }) {
  return (
    <Button type="submit" look="primary" busy={form.busy}>
      {children}
    </Button>
  );
}

function Email({ form, autofocus = false }: { form: FormState<{ email: string }>; autofocus?: boolean }) {
  return (
    <TextField
      {...form.field('email')}
      label="E-mail"
      type="email"
      limit={254}
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      data-autofocus={autofocus || undefined}
    />
  );
}

function useBegin(way: Way): (path: string, body: unknown) => Promise<void> {
  const client = useClient();
  return async (path, body) => {
    const begun = await client.call.ask(session, 'POST', path, body);
    rememberWay(way);
    client.begin(begun);
  };
}

const taken = (name: string): string => `“${name.trim()}” is taken by somebody else. Choose another name.`;
