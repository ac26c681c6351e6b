/** Leads down to the newest message, and counts what arrived there unseen. */
import { ArrowDown } from 'lucide-react';
import { countOf } from '../words.ts';
import css from './jump-pill.module.css';

interface JumpPillProps {
  shown: boolean;
  unseen: number;
  onJump: () => void;
}

export function JumpPill({ shown, unseen, onJump }: JumpPillProps) {
  if (!shown) return null;
  return (
    <button type="button" className={css['pill']} data-new={unseen > 0} onClick={onJump}>
      <ArrowDown size={16} />
      {unseen > 0 ? countOf(unseen, 'new message') : 'Jump to the newest'}
    </button>
  );
}
