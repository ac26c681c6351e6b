/** Frames: nothing left out, nothing twice, in order, and none too large. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../contract/messages.ts';
import { messagesFrame } from '../../../contract/events.ts';
import { message as messageSchema } from '../../../contract/messages.ts';
import { cut, toFrames } from '../../../functions/messages/frames.ts';
import { newId } from '../../../functions/platform/ids.ts';

const roomId = newId();
const message = (seq: number, content: string): Message => ({
  type: 'message',
  message_id: newId(),
  seq,
  room_id: roomId,
  room_name: 'General',
  content,
  sender: newId(),
  sender_name: 'Alice',
  timestamp: new Date(0).toISOString(),
});

describe('frames', () => {
  it('[LOG] carry every message once and in order, in at most 512 KB of JSON', () => {
    const contents = fc.array(fc.constantFrom('hi', '😀'.repeat(8_000), '"\n'.repeat(4_000)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(contents, (texts) => {
        const messages = texts.map((content, index) => message(index + 1, content));
        const frames = toFrames(roomId, messages);
        expect(frames.flatMap((frame) => frame.messages)).toEqual(messages);
        for (const { body } of frames) {
          expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(512 * 1_024);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are a message as it is where it is alone, and `messages` where there are more', () => {
    const [one, two] = [message(1, 'a'), message(2, 'b')];
    expect(messageSchema.parse(toFrames(roomId, [one])[0]?.body)).toEqual(one);
    expect(messagesFrame.parse(toFrames(roomId, [one, two])[0]?.body).messages).toEqual([one, two]);
    expect(toFrames(roomId, [])).toEqual([]);
  });

  it('let through what alone is larger than a part', () => {
    expect(cut(['aaaa', 'b', 'c'], 202)).toEqual([['aaaa'], ['b'], ['c']]);
  });
});
