/** A batch as the host hands it over: lists beside each other, of which some may be shorter than the batch. */
import { describe, expect, it } from 'vitest';
import { readArrivals } from '../../../functions/messages/route.ts';

const metadata = {
  messageIdArray: ['a', 'b'],
  sequenceNumberArray: [7, 8],
  enqueuedTimeUtcArray: ['t7', 't8'],
  applicationPropertiesArray: [{ room_id: 'one' }, { room_id: 'two' }],
};

describe('a batch of the topic', () => {
  it('gives each message what belongs to it', () => {
    const arrivals = readArrivals(['x', 'y'], {
      ...metadata,
      contentTypeArray: ['text/plain', 'application/json'],
    });
    expect(arrivals).toEqual([
      {
        body: Buffer.from('x'),
        contentType: 'text/plain',
        messageId: 'a',
        position: '7-t7',
        properties: { room_id: 'one' },
      },
      {
        body: Buffer.from('y'),
        contentType: 'application/json',
        messageId: 'b',
        position: '8-t8',
        properties: { room_id: 'two' },
      },
    ]);
  });

  it('gives no message what a list that leaves some out may mean for another', () => {
    const arrivals = readArrivals(['x', 'y'], { ...metadata, contentTypeArray: ['application/json'] });
    expect(arrivals.map(({ contentType }) => contentType)).toEqual([undefined, undefined]);
    expect(arrivals.map(({ messageId }) => messageId)).toEqual(['a', 'b']);
  });
});
