/** Keeps the screen of one room: looks the room up, opens it for its members, and says what to show. */
import { useEffect, useLayoutEffect, useState } from 'react';
import { useChat, useClient } from '../chat.ts';
import { ProblemFailure } from '../connection/model.ts';
import { phaseOf, type Phase, type PhaseInput } from './phase.ts';

export interface RoomPhase {
  phase: Phase;
  /** What the room was last called, also after it is gone. */
  name: string;
  retry: () => void;
}

/** Mount it anew for another room: it remembers what it has seen of this one. */
export function useRoomPhase(roomId: string): RoomPhase {
  const client = useClient();
  const room = useChat((state) => state.rooms[roomId]);
  const membership = useChat((state) => state.memberships[roomId]);
  const membershipsLoading = useChat((state) => state.membershipsLoading);
  const conversation = useChat((state) => state.conversations[roomId]);
  const removal = useChat((state) => state.removals[roomId]);
  const [lookup, setLookup] = useState<PhaseInput['lookup']>('none');
  const [name, setName] = useState(room?.name);
  if (room !== undefined && room.name !== name) setName(room.name);
  const wasKnown = name !== undefined;
  const isRemoved = removal !== undefined;

  useEffect(() => {
    if (wasKnown || isRemoved || lookup !== 'none') return;
    client.findRoom(roomId).catch((failure: unknown) => setLookup(lookupOf(failure)));
  }, [client, roomId, wasKnown, isRemoved, lookup]);

  const member = membership !== undefined;
  // Before the first paint, and before the list is there: it is placed by what opening finds out (where reading
  // stopped), not by what an earlier visit left.
  const [opened, setOpened] = useState(false);
  useLayoutEffect(() => {
    if (!member) return undefined;
    client.openRoom(roomId);
    // oxlint-disable-next-line react/set-state-in-effect -- rendered again at once, without a paint between
    setOpened(true);
    return () => client.closeRoom();
  }, [client, roomId, member]);

  const phase = phaseOf({
    room,
    membership,
    membershipsLoading,
    conversation: opened || (!member && conversation?.gone !== undefined) ? conversation : undefined,
    removal,
    wasKnown,
    lookup,
  });
  const retry = (): void => {
    if (phase.kind === 'failed' && phase.retry === 'connect') client.retryNow();
    else setLookup('none');
  };
  return { phase, name: name ?? removal?.room_name ?? '', retry };
}

function lookupOf(failure: unknown): PhaseInput['lookup'] {
  if (!(failure instanceof ProblemFailure)) return { failure: undefined };
  // An address whose id is no id at all is refused as invalid: to a reader both are a room that is not there.
  return [400, 404].includes(failure.problem.status) ? 'missing' : { failure: failure.problem };
}
