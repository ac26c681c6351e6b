/** A section of the bench: one question, asked of every server, answered by tables. */
import type { Table } from './table.ts';

export interface Run {
  /** Sizes for trying whether the bench works; the numbers mean nothing. */
  quick: boolean;
  /** Tells whoever waits what is going on. */
  say: (what: string) => void;
}

export type Section = (run: Run) => Promise<Table[]>;
