/** What follows on a connection that opens: what is loaded, in which order, and when one may call it online. */
import { expect, test } from 'vitest';
import { Synchronisation } from '../../../web/connection/synchronisation.ts';
import { apiOf, settled, stateOf, Steered } from './steered.ts';

type Parts = ConstructorParameters<typeof Synchronisation>[1];

/** Its parts note what they are asked for; catching up succeeds as soon as `caughtUp` says so. */
function synchronisationOf(caughtUp: boolean[]) {
  const time = new Steered();
  const store = stateOf({ status: 'connecting' });
  const asked: string[] = [];
  const note = (what: string) => async (): Promise<void> => void asked.push(what);
  const parts = {
    requests: { resume: () => undefined, ask: note('subscribe') },
    directory: { reload: note('list') },
    memberships: { load: note('memberships') },
    conversations: {
      catchUpCurrent: async () => {
        asked.push('catch up');
        return caughtUp.shift() ?? true;
      },
    },
    outbox: { resume: () => undefined },
    people: { load: async () => undefined },
    isOpen: () => true,
  } as unknown as Parts;
  const around = { store, api: apiOf({}), environment: time.environment };
  return { time, store, asked, synchronisation: new Synchronisation(around, parts) };
}

test('[LOG] a new connection is online only when the room on screen has what was said meanwhile', async () => {
  const { time, store, asked, synchronisation } = synchronisationOf([false, true]);
  synchronisation.opened(true);
  await settled();
  expect(store.getState().status).toBe('catching_up');
  await time.step();
  expect(store.getState().status).toBe('online');
  expect(asked.filter((what) => what === 'catch up')).toHaveLength(2);
  // The heads of the rooms come with the memberships.
  expect(asked.indexOf('memberships')).toBeLessThan(asked.indexOf('catch up'));
});

test('a connection that was recovered loads nothing again, once all was loaded', async () => {
  const { store, asked, synchronisation } = synchronisationOf([]);
  synchronisation.opened(true);
  await settled();
  const before = [...asked];
  synchronisation.lost(undefined);
  synchronisation.opened(false);
  await settled();
  expect(asked).toEqual(before);
  expect(store.getState().status).toBe('online');
});
