/**
 * Initials on a tint that belongs to the name: the same person looks the same everywhere, on every device.
 * The letters are drawn, not written, so that a name is read and copied once.
 */
import type { CSSProperties } from 'react';
import css from './avatar.module.css';
import { hueOf, initialsOf } from './name-mark.ts';

interface AvatarProps {
  name: string;
  /** One emoji, in the place of the initials; '' for none. */
  emoji?: string | undefined;
  size?: number;
}

export function Avatar({ name, emoji = '', size = 36 }: AvatarProps) {
  const style = { '--hue': hueOf(name), '--size': `${size}px` } as CSSProperties;
  return (
    <span
      className={css['avatar']}
      style={style}
      data-initials={emoji === '' ? initialsOf(name) : emoji}
      data-emoji={emoji !== ''}
      aria-hidden="true"
    />
  );
}
