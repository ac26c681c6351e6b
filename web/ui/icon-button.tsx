/** A button that is only an icon: its label is its name for everybody, spoken and as a tooltip. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import css from './icon-button.module.css';

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  /** Shown in the tooltip behind the label. */
  keys?: string;
  icon: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, keys, icon, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={[css['button'], className].filter(Boolean).join(' ')}
      aria-label={label}
      data-tip={label}
      data-tip-keys={keys}
    >
      {icon}
    </button>
  );
}
