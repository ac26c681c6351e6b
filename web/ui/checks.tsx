/** Choices of which any number may be taken. Native checkboxes. */
import css from './choices.module.css';

interface ChecksProps<Value extends string> {
  label: string;
  choices: { value: Value; label: string }[];
  chosen: Value[];
  onChange: (chosen: Value[]) => void;
}

export function Checks<Value extends string>({ label, choices, chosen, onChange }: ChecksProps<Value>) {
  return (
    <fieldset className={css['choices']}>
      <legend>{label}</legend>
      {choices.map(({ value, label: name }) => (
        <label key={value} className={css['choice']}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
