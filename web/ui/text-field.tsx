/** A labelled line or paragraph of text with a hint, a counter near its limit, and its own error. */
import { useId, type InputHTMLAttributes, type Ref } from 'react';
import { codePoints } from '../../contract/text.ts';
import css from './text-field.module.css';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string;
  /** In code points, as the server counts. Never cuts what is typed: it is counted and explained. */
  limit: number;
  rows?: number;
  ref?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, error, hint, limit, rows, ref, ...rest } = props;
  const id = useId();
  const left = limit - codePoints(value.trim());
  const near = left <= Math.max(10, limit * 0.1);
  const shared = {
    ...rest,
    id,
    ref,
    value,
    className: css['input'],
    'aria-invalid': error !== undefined || undefined,
    'aria-describedby': `${id}-error ${id}-hint`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className={css['field']}>
      <div className={css['top']}>
        <label htmlFor={id}>{label}</label>
        {near && (
          <span className={left < 0 ? css['over'] : css['left']}>
            {left < 0 ? `${-left} too many` : `${left} left`}
          </span>
        )}
      </div>
      {rows === undefined ? <input {...shared} /> : <textarea {...(shared as object)} rows={rows} />}
      <p id={`${id}-error`} className={css['error']} role="alert">
        {error}
      </p>
      {hint !== undefined && error === undefined && (
        <p id={`${id}-hint`} className={css['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}
