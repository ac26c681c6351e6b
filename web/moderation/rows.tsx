/** A list that is asked for when it is shown: on its way, empty, not to be had, or there. */
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { Loaded } from '../ui/use-loaded.ts';
import css from './moderation.module.css';

interface RowsProps<Item> {
  loaded: Loaded<Item[]>;
  /** What an empty list means. */
  empty: string;
  children: (item: Item) => ReactNode;
}

export function Rows<Item>({ loaded, empty, children }: RowsProps<Item>) {
  const { value, error, reload } = loaded;
  if (value === undefined && error === undefined) return <Skeleton label="Loading" kind="people" count={2} />;
  if (value === undefined) {
    return (
      <p role="alert">
        {error}{' '}
        <Button look="link" onClick={reload}>
          Try again
        </Button>
      </p>
    );
  }
  if (value.length === 0) return <p className={css['about']}>{empty}</p>;
  return <ul className={css['list']}>{value.map((item) => children(item))}</ul>;
}
