/** The frame of a form: sends it, gives the focus to what is wrong, and says below the fields what no field can. */
import { useEffect, useRef, type ReactNode } from 'react';
import css from './form.module.css';
import type { FormState } from './use-form.ts';

interface FormProps {
  form: Pick<FormState<never>, 'send' | 'error' | 'errors'>;
  children: ReactNode;
  /** The row of buttons, one of them of type `submit`. */
  actions: ReactNode;
}

export function Form({ form, children, actions }: FormProps) {
  const { send, error, errors } = form;
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => ref.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus(), []);
  useEffect(() => ref.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [errors]);
  return (
    <form
      ref={ref}
      className={css['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {children}
      <p className={css['error']} role="alert">
        {error}
      </p>
      {actions}
    </form>
  );
}
