/** Which ackIds were carried out: as a set would say, in less memory. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { AckIds } from '../../../local/web-pubsub/connection/ack-ids.ts';

it('has exactly what was added, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 })), (added) => {
      const ids = new AckIds();
      for (const id of added) ids.add(id);
      for (let id = -1; id <= 41; id += 1) expect(ids.has(id)).toBe(added.includes(id));
    }),
  );
});
