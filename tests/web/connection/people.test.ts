/** Invitations, requests, blocks and being put out, as the data layer keeps them. */
import { expect, test } from 'vitest';
import type { Api } from '../../../web/connection/api.ts';
import { People, readRequested } from '../../../web/connection/people.ts';
import { roomId } from './samples.ts';
import { alice, apiOf, settled, stateOf, Steered } from './steered.ts';

function peopleOf(given: Partial<Api>) {
  const time = new Steered();
  const store = stateOf();
  const people = new People({ store, api: apiOf(given), environment: time.environment });
  return { people, store, storage: time.environment.storage };
}

const done = async (): Promise<void> => undefined;
const me = { ...alice, avatar: '🦊', status: '' };
const invitation = {
  id: '0190d000-0000-7000-8000-000000000001',
  room: { id: roomId, name: 'Quay', description: '', member_count: 2 },
  invited_by_name: 'Bo',
  expires_at: '2026-06-08T12:00:00Z',
};

test('what concerns a person is read once, but for invitations, which others make', async () => {
  const asked: string[] = [];
  const note =
    <Value>(what: string, value: Value) =>
    async (): Promise<Value> => {
      asked.push(what);
      return value;
    };
  const { people, store } = peopleOf({
    me: note('me', me),
    listBlocks: note('blocks', [{ user_id: 'bo', name: 'Bo' }]),
    listMyInvitations: note('invitations', [invitation]),
  });
  await people.load();
  await people.load();
  expect(asked.toSorted()).toEqual(['blocks', 'invitations', 'invitations', 'me']);
  expect(store.getState()).toMatchObject({
    me: { avatar: '🦊' },
    avatars: { [alice.user_id]: '🦊' },
    blocked: { bo: { name: 'Bo' } },
    invitations: [{ id: invitation.id }],
  });
});

test('what could not be read is read again with the next connection, and nothing is broken by it', async () => {
  let answers = false;
  const { people, store } = peopleOf({
    me: async () => {
      if (!answers) throw new Error('cut');
      return me;
    },
    listBlocks: async () => [],
    listMyInvitations: async () => [],
  });
  await people.load();
  expect(store.getState().me).toBeUndefined();
  answers = true;
  await people.load();
  expect(store.getState().me?.avatar).toBe('🦊');
});

test('an invitation is shown once, is news, and is gone when it is answered or has ended', async () => {
  const { people, store } = peopleOf({ answerInvitation: done });
  people.invited(invitation);
  people.invited(invitation);
  expect(store.getState().invitations).toHaveLength(1);
  expect(store.getState().news).toMatchObject({ kind: 'invited', room_name: 'Quay' });
  await people.answer(invitation.id, 'decline');
  expect(store.getState().invitations).toEqual([]);
  people.invited(invitation);
  people.ended(invitation.id);
  expect(store.getState().invitations).toEqual([]);
});

test('where one has asked to be let in outlives a reload, until it is answered', async () => {
  const { people, store, storage } = peopleOf({ askToJoin: done, withdraw: done });
  await people.askToJoin(roomId, 'I can help');
  expect([store.getState().requested, readRequested(storage)]).toEqual([
    { [roomId]: true },
    { [roomId]: true },
  ]);
  await people.withdraw(roomId);
  expect(readRequested(storage)).toEqual({});
});

test('being put out is news, with the reason beside it', async () => {
  const { people, store } = peopleOf({});
  people.putOut(roomId, { room_name: 'Quay', banned: true, reason: 'Spam' });
  await settled();
  expect(store.getState().removals[roomId]?.reason).toBe('Spam');
  expect(store.getState().news).toMatchObject({ kind: 'removed', banned: true });
});
