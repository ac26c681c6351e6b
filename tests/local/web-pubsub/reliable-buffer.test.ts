/** What a reliable connection keeps: everything not acknowledged and not expired, within its bounds. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReliableBuffer } from '../../../local/web-pubsub/connection/reliable-buffer.ts';
import { Delivery } from '../../../local/web-pubsub/delivery.ts';

const message = (ttlSeconds?: number) =>
  new Delivery({ from: 'server' }, { dataType: 'text', text: 'x' }, { ttlSeconds });
const numbers = (buffer: ReliableBuffer, now = Date.now()) =>
  [...buffer.unacknowledged(now)].map(({ sequenceId }) => sequenceId);
const far = { messages: 1000, bytes: 1_000_000 };

it('gives back, in order, what lies above the highest acknowledgement', () => {
  const step = fc.oneof(fc.constant('add' as const), fc.integer({ min: 0, max: 60 }));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const buffer = new ReliableBuffer(far);
      let [added, acknowledged] = [0, 0];
      for (const each of steps) {
        if (each === 'add') expect(buffer.add(message())).toBe(++added);
        else {
          buffer.acknowledge(each);
          acknowledged = Math.max(acknowledged, Math.min(each, added));
        }
        expect(numbers(buffer)).toEqual(
          Array.from({ length: added - acknowledged }, (_, index) => acknowledged + index + 1),
        );
      }
    }),
  );
});

it('leaves out what has expired', () => {
  const buffer = new ReliableBuffer(far);
  for (const ttl of [undefined, 5, 0, 300]) buffer.add(message(ttl));
  expect(numbers(buffer)).toEqual([1, 2, 3, 4]);
  expect(numbers(buffer, Date.now() + 60_000)).toEqual([1, 3, 4]);
});

it('is full above its bound of messages, and of bytes', () => {
  const few = new ReliableBuffer({ messages: 2, bytes: 1_000_000 });
  expect([few.add(message()), few.add(message()), few.add(message())]).toEqual([1, 2, undefined]);
  const size = message().length;
  const small = new ReliableBuffer({ messages: 1000, bytes: size * 2 });
  small.add(message());
  small.acknowledge(1);
  expect([small.add(message()), small.add(message()), small.add(message())]).toEqual([2, 3, undefined]);
});
