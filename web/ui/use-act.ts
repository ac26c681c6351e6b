/** Something that a button asks of the server: one at a time, and a refusal is said. */
import { useState } from 'react';
import { explain } from '../words.ts';
import { showToast } from './toast.tsx';

export interface Act {
  busy: boolean;
  act: (run: () => Promise<void>) => void;
}

export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const run = async (task: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    await task().catch((failure: unknown) => showToast(explain(failure), 'bad'));
    setBusy(false);
  };
  return { busy, act: (task) => void run(task) };
}
