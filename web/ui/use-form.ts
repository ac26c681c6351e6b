/**
 * The texts of a form against a schema of the contract: checked when it is sent, refused in place, and never lost.
 * `Form` shows it.
 */
import { useState } from 'react';
import type * as z from 'zod/mini';
import { explain as explainFailure, wrongWith } from '../words.ts';

type Texts = Record<string, string>;
type Errors<Fields> = Partial<Record<keyof Fields, string>>;

interface FormOptions<Fields extends Texts, Schema extends z.ZodMiniType> {
  initial: Fields;
  schema: Schema;
  /** How a sentence about a field begins: "The password". */
  labels: Record<keyof Fields, string>;
  submit: (body: z.output<Schema>) => Promise<void>;
  /** What a refusal means for a field; anything else stands below the form. */
  explain?: (failure: unknown, fields: Fields) => Errors<Fields> | undefined;
}

export interface FormState<Fields> {
  busy: boolean;
  /** What is wrong with no field of its own. */
  error: string | undefined;
  errors: object;
  send: () => void;
  field: (name: keyof Fields) => {
    value: string;
    error: string | undefined;
    onChange: (value: string) => void;
  };
}

export function useForm<Fields extends Texts, Schema extends z.ZodMiniType>(
  options: FormOptions<Fields, Schema>,
): FormState<Fields> {
  const { initial, schema, labels, submit, explain } = options;
  const [fields, setFields] = useState(initial);
  const [errors, setErrors] = useState<Errors<Fields>>({});
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const send = async (): Promise<void> => {
    if (busy) return;
    setError(undefined);
    const checked = schema.safeParse(fields);
    if (!checked.success) {
      const wrong = checked.error.issues.map(({ path, message }) => [String(path[0]), message] as const);
      setErrors(sentences(wrong));
      return;
    }
    setBusy(true);
    try {
      await submit(checked.data);
    } catch (failure) {
      const told = Object.keys(fields).map((name) => [name, wrongWith(failure, name)] as const);
      const wrong = { ...sentences(told), ...explain?.(failure, fields) };
      setErrors(wrong);
      if (Object.keys(wrong).length === 0) setError(explainFailure(failure));
    }
    setBusy(false);
  };

  function sentences(wrong: (readonly [name: string, message: string | undefined])[]): Errors<Fields> {
    const said = wrong.filter(([, message]) => message !== undefined);
    const entries = said.map(([name, message]) => [name, `${labels[name] ?? name} ${plain(message ?? '')}.`]);
    return Object.fromEntries(entries) as Errors<Fields>;
  }

  return {
    busy,
    error,
    errors,
    send: () => void send(),
    field: (name) => ({
      value: fields[name] ?? '',
      error: errors[name],
      onChange: (value) => {
        setFields({ ...fields, [name]: value });
        setErrors({});
        setError(undefined);
      },
    }),
  };
}

/** Our schemas say "must …"; those of the library say something of their own. */
function plain(message: string): string {
  return message.startsWith('must') ? message : 'is not valid';
}
