/** The arranged list, kept up with the state, and held still while somebody is about to press something in it. */
import { useMemo, useState } from 'react';
import { useChat } from '../chat.ts';
import { arrange, type Arrangement } from './arrangement.ts';

/**
 * @param held while true, a room that is joined or left stays where it is: a row must not run away from the
 *   pointer that has just pressed it.
 */
export function useArrangement(query: string, held: boolean): Arrangement {
  const rooms = useChat((state) => state.rooms);
  const memberships = useChat((state) => state.memberships);
  const directory = useChat((state) => state.directory);
  const joined = useMemo(() => new Set(Object.keys(memberships)), [memberships]);
  const [placed, setPlaced] = useState(joined);
  if (!held && placed !== joined) setPlaced(joined);
  return useMemo(
    () => arrange({ rooms, joined, placed: held ? placed : joined, directory, query }),
    [rooms, joined, placed, held, directory, query],
  );
}
