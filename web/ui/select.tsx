/** The browser's own list of choices, with a label. */
import { useId } from 'react';
import field from './text-field.module.css';
import css from './select.module.css';

interface SelectProps<Value extends string> {
  label: string;
  choices: readonly (readonly [value: Value, label: string])[];
  value: Value;
  onChange: (value: Value) => void;
  hint?: string;
}

export function Select<Value extends string>({ label, choices, value, onChange, hint }: SelectProps<Value>) {
  const id = useId();
  return (
    <div className={field['field']}>
      <div className={field['top']}>
        <label htmlFor={id}>{label}</label>
      </div>
      <select
        id={id}
        className={css['select']}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          const chosen = choices.find(([choice]) => choice === event.target.value);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={field['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}
