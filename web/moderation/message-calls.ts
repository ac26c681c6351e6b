/** The calls about one message of a room. Apart from the others, because every room that is opened offers them. */
import type { Call } from '../connection/model.ts';

/** The path of something in a room. */
export function inRoom(roomId: string, ...parts: (string | number)[]): string {
  return ['/rooms', ...[roomId, ...parts].map((part) => encodeURIComponent(part))].join('/');
}

export const messageCalls = (call: Call, roomId: string) => ({
  remove: (seq: number, reason: string): Promise<void> =>
    call.tell('DELETE', inRoom(roomId, 'messages', seq), { reason }),
  report: (seq: number, reason: string): Promise<void> =>
    call.tell('POST', inRoom(roomId, 'reports'), { seq, reason }),
  pin: (seq: number): Promise<void> => call.tell('PUT', inRoom(roomId, 'pins', seq)),
  unpin: (seq: number): Promise<void> => call.tell('DELETE', inRoom(roomId, 'pins', seq)),
});
