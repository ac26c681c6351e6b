/** How long the client waits between attempts to connect. What a connection does, `chat.test.ts` tries for real. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pause } from '../../../web/connection/socket.ts';

test('pauses grow, stay within half a second and thirty, and differ between clients', () => {
  fc.assert(
    fc.property(
      fc.nat(2_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, random) => {
        const wait = pause(failures, random);
        expect(wait).toBeGreaterThanOrEqual(500);
        expect(wait).toBeLessThanOrEqual(30_000);
        expect(pause(failures + 1, random)).toBeGreaterThanOrEqual(wait);
      },
    ),
  );
  expect(pause(3, 0)).not.toBe(pause(3, 0.9));
});
