/**
 * Initials on a tint that belongs to the name: the same person looks the same everywhere, on every device.
 * The letters are drawn, not written, so that a name is read and copied once.
 */
import type { CSSProperties } from 'react';
import css from './avatar.module.css';
import { hueOf, initialsOf } from './name-mark.ts';

export function Avatar({ name, size = 36 }: { name: string; size?: number }) {
  const style = { '--hue': hueOf(name), '--size': `${size}px` } as CSSProperties;
  return <span className={css['avatar']} style={style} data-initials={initialsOf(name)} aria-hidden="true" />;
}
