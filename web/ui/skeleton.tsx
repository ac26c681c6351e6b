/** The shape of what is on its way. Says so once to a screen reader. */
import type { CSSProperties } from 'react';
import css from './skeleton.module.css';

interface SkeletonProps {
  /** What loads, for a screen reader. */
  label: string;
  kind: 'rooms' | 'messages' | 'people';
  count?: number;
}

const widths = ['62%', '84%', '48%', '71%', '56%', '90%', '66%'];

export function Skeleton({ label, kind, count = 6 }: SkeletonProps) {
  return (
    <div className={css['skeleton']} data-kind={kind}>
      <output className="visually-hidden">{label}</output>
      {Array.from({ length: count }, (_, row) => (
        <div key={row} className={css['row']} style={{ '--row': row } as CSSProperties}>
          {kind !== 'rooms' && <i className={css['face']} />}
          <span className={css['lines']}>
            <i style={{ width: row % 2 === 0 ? '28%' : '36%' }} />
            <i style={{ width: widths[row % widths.length] }} />
          </span>
        </div>
      ))}
    </div>
  );
}
