/** Cuts what one group is to be told into frames that Web PubSub takes. Pure. */
import type { Message } from '../../contract/messages.ts';

/** Web PubSub takes 1 MB a frame; half of it keeps one push from holding up the next for long. */
const mostBytes = 512 * 1_024;

export interface Frame {
  body: object;
  messages: Message[];
}

/** Messages of one room in the order given: one alone as itself, more as `messages`. */
export function toFrames(roomId: string, messages: Message[]): Frame[] {
  return cut(messages, mostBytes).map((part) => {
    const [only] = part;
    const body = part.length === 1 && only ? only : { type: 'messages', room_id: roomId, messages: part };
    return { body, messages: part };
  });
}

/** Consecutive parts of at most `bytes` of JSON each; what is larger alone is a part of its own. */
export function cut<T>(items: T[], bytes: number): T[][] {
  const parts: T[][] = [];
  // What stands around the items in a frame.
  const envelope = 200;
  let size = Infinity;
  for (const item of items) {
    const more = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (size + more > bytes) {
      parts.push([]);
      size = envelope;
    }
    parts.at(-1)?.push(item);
    size += more;
  }
  return parts;
}
