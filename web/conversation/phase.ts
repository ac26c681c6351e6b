/** What a room's address leads to, from what is known so far. Pure: every mix of late answers can be tried. */
import type { Problem } from '../../contract/problems.ts';
import type { Room } from '../../contract/rooms.ts';
import type { Conversation, Loading, Membership, Removal } from '../connection/model.ts';

export type Phase =
  | { kind: 'loading' }
  | { kind: 'not_found' }
  | { kind: 'failed'; problem: Problem | undefined; retry: 'find' | 'connect' }
  | { kind: 'deleted' }
  | { kind: 'left' }
  | { kind: 'removed'; removal: Removal | undefined }
  | { kind: 'preview'; room: Room }
  | { kind: 'member'; room: Room; conversation: Conversation | undefined };

export interface PhaseInput {
  room: Room | undefined;
  membership: Membership | undefined;
  membershipsLoading: Loading;
  conversation: Conversation | undefined;
  removal: Removal | undefined;
  /** The room has been on this screen before: if it is missing now, it was deleted. */
  wasKnown: boolean;
  /** How looking the room up by its id went. */
  lookup: 'none' | 'missing' | { failure: Problem | undefined };
}

export function phaseOf(input: PhaseInput): Phase {
  const { room, membership, membershipsLoading, conversation, removal, wasKnown, lookup } = input;
  const gone = membership === undefined ? conversation?.gone : undefined;
  if (membership === undefined && (removal !== undefined || gone === 'removed')) {
    return { kind: 'removed', removal };
  }
  if (gone === 'left' && room === undefined) return { kind: 'left' };
  if (conversation?.gone === 'deleted' || (room === undefined && wasKnown)) return { kind: 'deleted' };
  if (room === undefined) {
    if (lookup === 'missing') return { kind: 'not_found' };
    if (lookup !== 'none') return { kind: 'failed', problem: lookup.failure, retry: 'find' };
    return { kind: 'loading' };
  }
  if (membership !== undefined) return { kind: 'member', room, conversation };
  if (membershipsLoading.state === 'ready') return { kind: 'preview', room };
  if (membershipsLoading.state === 'error') {
    return { kind: 'failed', problem: membershipsLoading.problem, retry: 'connect' };
  }
  return { kind: 'loading' };
}
