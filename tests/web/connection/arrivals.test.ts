/** Messages on their way into the state: acknowledgements and the server's copies, in any order, by any batches. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arrivals } from '../../../web/connection/arrivals.ts';
import type { OutgoingMessage } from '../../../web/connection/model.ts';
import { messageOf, roomId } from './samples.ts';
import { apiOf, stateOf, Steered } from './steered.ts';

const newest = 12;
const numbers = Array.from({ length: newest }, (_, index) => index + 1);
const idOf = (seq: number): string => messageOf(seq).message_id;

/** The room on screen, empty, with these numbers' messages in the outbox. */
function roomWithOutbox(own: number[]) {
  const time = new Steered();
  const store = stateOf();
  const ready = { state: 'ready' } as const;
  const waiting = own.map((seq): OutgoingMessage => ({
    message_id: idOf(seq),
    room_id: roomId,
    content: `message ${seq}`,
    created_at: new Date(time.now).toISOString(),
    state: 'sending',
  }));
  store.setState({
    memberships: { [roomId]: { role: 'member', last_read: 0, head: 0 } },
    conversations: {
      [roomId]: {
        messages: [],
        head: 0,
        complete: true,
        first: 1,
        edition: 0,
        loading: ready,
        loadingOlder: ready,
        read_until: 0,
      },
    },
    outbox: { [roomId]: waiting },
  });
  const nothing = (): void => undefined;
  const around = { store, api: apiOf({}), environment: { ...time.environment, soon: nothing } };
  const arrivals = new Arrivals(around, {
    onStranger: nothing,
    onHole: nothing,
    onSent: nothing,
    onOwn: nothing,
  });
  arrivals.current = roomId;
  const shown = (): string[] =>
    store.getState().conversations[roomId]!.messages.map(({ message_id }) => message_id);
  const outgoing = (): string[] =>
    (store.getState().outbox[roomId] ?? []).map(({ message_id }) => message_id);
  return { arrivals, shown, outgoing };
}

test('[LOG] one’s own message that waited behind a hole leaves the outbox when it is shown', () => {
  const { arrivals, shown, outgoing } = roomWithOutbox([2]);
  arrivals.add([messageOf(2)], true);
  arrivals.flush();
  expect([shown(), outgoing()]).toEqual([[], [idOf(2)]]);
  arrivals.add([messageOf(1)]);
  arrivals.flush();
  expect([shown(), outgoing()]).toEqual([[idOf(1), idOf(2)], []]);
});

test('[LOG] one’s own message that waited behind a hole leaves the outbox when the room leaves the screen', () => {
  const { arrivals, outgoing } = roomWithOutbox([2]);
  arrivals.add([messageOf(2)], true);
  arrivals.flush();
  arrivals.current = undefined;
  arrivals.add([messageOf(4)]);
  arrivals.flush();
  expect(outgoing()).toEqual([]);
});

test('[LOG] in whatever order and batches they arrive, each message is shown once: as outgoing or as sent', () => {
  const arrival = fc.record({ seq: fc.constantFrom(...numbers), assumed: fc.boolean(), flush: fc.boolean() });
  fc.assert(
    fc.property(fc.subarray(numbers), fc.array(arrival, { maxLength: 40 }), (own, events) => {
      const { arrivals, shown, outgoing } = roomWithOutbox(own);
      const all = [...events, ...numbers.map((seq) => ({ seq, assumed: false, flush: true }))];
      for (const { seq, assumed, flush } of all) {
        arrivals.add([messageOf(seq)], assumed && own.includes(seq));
        if (flush) arrivals.flush();
        const ids = [...shown(), ...outgoing()];
        expect(new Set(ids).size).toBe(ids.length);
      }
      expect([shown(), outgoing()]).toEqual([numbers.map(idOf), []]);
    }),
  );
});
