import { describe, expect, it } from 'vitest';
import { phaseOf, type PhaseInput } from '../../../web/conversation/phase.ts';
import { refusal } from '../fake-client.ts';
import { conversationOf, design } from '../screens/people-and-rooms.ts';

const base: PhaseInput = {
  room: design,
  membership: { role: 'member', head: 1, last_read: 1 },
  membershipsLoading: { state: 'ready' },
  conversation: conversationOf([]),
  removal: undefined,
  wasKnown: true,
  lookup: 'none',
};
const kindOf = (more: Partial<PhaseInput>): string => phaseOf({ ...base, ...more }).kind;

describe('what the address of a room leads to', () => {
  it('is the conversation, for a member, also before it is loaded', () => {
    expect(kindOf({})).toBe('member');
    expect(kindOf({ conversation: undefined })).toBe('member');
    expect(kindOf({ membershipsLoading: { state: 'loading' } })).toBe('member');
  });

  it('[ISO] is an invitation for somebody who is not in the room, and never what was said in it', () => {
    expect(kindOf({ membership: undefined })).toBe('preview');
    expect(kindOf({ membership: undefined, conversation: conversationOf([], { gone: 'left' }) })).toBe(
      'preview',
    );
  });

  it('is why one is out of it, also of a room that is not to be seen from outside any more', () => {
    const removal = { room_name: 'Design', banned: true, reason: 'Spam' };
    const out = { membership: undefined, room: undefined, removal };
    expect(phaseOf({ ...base, ...out })).toEqual({ kind: 'removed', removal });
    const away = { membership: undefined, conversation: conversationOf([], { gone: 'removed' }) };
    expect(phaseOf({ ...base, ...away })).toEqual({ kind: 'removed', removal: undefined });
    expect(kindOf({ removal })).toBe('member');
  });

  it('of a private room that one left is no room that was deleted', () => {
    const left = { membership: undefined, conversation: conversationOf([], { gone: 'left' }) };
    expect(kindOf({ ...left, room: undefined })).toBe('left');
  });

  it('is not decided before it is known who one is in the room', () => {
    expect(kindOf({ membership: undefined, membershipsLoading: { state: 'loading' } })).toBe('loading');
    expect(kindOf({ room: undefined, wasKnown: false })).toBe('loading');
  });

  it('[GONE] is the news that the room was deleted, however it is learnt', () => {
    expect(kindOf({ conversation: conversationOf([], { gone: 'deleted' }) })).toBe('deleted');
    expect(kindOf({ room: undefined, membership: undefined, conversation: undefined })).toBe('deleted');
  });

  it('says that there is no such room only when the server said so', () => {
    expect(kindOf({ room: undefined, wasKnown: false, lookup: 'missing' })).toBe('not_found');
    expect(kindOf({ room: undefined, wasKnown: false, lookup: { failure: undefined } })).toBe('failed');
  });

  it('offers to try again what can be tried again', () => {
    const { problem } = refusal('unavailable');
    const noMemberships = { membership: undefined, membershipsLoading: { state: 'error', problem } } as const;
    expect(phaseOf({ ...base, ...noMemberships })).toEqual({ kind: 'failed', problem, retry: 'connect' });
    const lookup = { failure: problem };
    expect(phaseOf({ ...base, room: undefined, wasKnown: false, lookup })).toEqual({
      kind: 'failed',
      problem,
      retry: 'find',
    });
  });
});
