/** A few choices that exclude each other, each with a line that says what it means. Native radio buttons. */
import { useId, type ReactNode } from 'react';
import css from './choices.module.css';

interface ChoicesProps<Value extends string> {
  label: string;
  choices: { value: Value; label: string; about?: string; icon?: ReactNode }[];
  value: Value;
  onChange: (value: Value) => void;
}

export function Choices<Value extends string>({ label, choices, value, onChange }: ChoicesProps<Value>) {
  const name = useId();
  return (
    <fieldset className={css['choices']}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={css['choice']}>
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            aria-describedby={choice.about === undefined ? undefined : `${name}-${choice.value}`}
          />
          {choice.icon}
          <span className={css['words']}>
            <span>{choice.label}</span>
            {choice.about !== undefined && (
              <span id={`${name}-${choice.value}`} className={css['about']} aria-hidden="true">
                {choice.about}
              </span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
