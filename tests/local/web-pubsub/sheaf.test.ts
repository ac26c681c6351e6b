/** Frames that leave together: nothing lost, nothing moved, whoever else was sent some of the same. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toFrame, type Frame } from '../../../local/web-pubsub/connection/frame.ts';
import { Sheaf } from '../../../local/web-pubsub/connection/sheaf.ts';
import { runs } from '../../support/draws.ts';

const large = Buffer.alloc(20_000, 'x');
/** Some in one part, some that share a large one. */
const frames: Frame[] = [0, 1, 2, 3].map((index) =>
  toFrame('text', `${index}`, index % 2 ? large : undefined),
);

it('holds for each socket exactly what it was sent, in that order', () => {
  const sends = fc.array(fc.tuple(fc.nat(2), fc.nat(3)), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(sends, (all) => {
      const empty = new Sheaf();
      const pending = new Map<number, Sheaf>();
      const sent = new Map<number, Buffer[]>();
      for (const [socket, index] of all) {
        const frame = frames[index]!;
        pending.set(socket, (pending.get(socket) ?? empty).with(frame));
        sent.set(socket, [...(sent.get(socket) ?? []), ...frame]);
      }
      for (const [socket, sheaf] of pending) {
        expect(sheaf.parts).toEqual(sent.get(socket));
        expect(sheaf.bytes.equals(Buffer.concat(sent.get(socket)!))).toBe(true);
        expect(sheaf.length).toBe(sheaf.bytes.length);
      }
    }),
    runs(100),
  );
});

it('is the same for sockets that are sent the same, so that its bytes are made once', () => {
  const empty = new Sheaf();
  const [one, two] = [0, 1].map(() => empty.with(frames[0]!).with(frames[2]!));
  expect(one?.bytes).toBe(two?.bytes);
});

it('copies nothing where it holds one frame in one part', () => {
  expect(new Sheaf().with(frames[0]!).bytes).toBe(frames[0]![0]);
});
