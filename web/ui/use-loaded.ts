/** Something that is asked for when it is shown, and again when it was changed. */
import { useEffect, useState } from 'react';
import { explain } from '../words.ts';

export interface Loaded<Value> {
  value: Value | undefined;
  error: string | undefined;
  reload: () => void;
}

/** @param key what is asked for; another one asks anew, and what was there stays shown while it is on its way. */
export function useLoaded<Value>(key: string, load: () => Promise<Value>): Loaded<Value> {
  const [loaded, setLoaded] = useState<{ key: string; value?: Value; error?: string }>({ key });
  const [round, setRound] = useState(1);
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setLoaded({ key, value }),
      (failure: unknown) => current && setLoaded({ key, error: explain(failure) }),
    );
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `key` says what `load` loads
  }, [key, round]);
  const value = loaded.key === key ? loaded.value : undefined;
  return { value, error: loaded.error, reload: () => setRound(round + 1) };
}
