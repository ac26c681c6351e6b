/**
 * Puts onto the Service Bus topic what everybody concerned must hear: new messages, and changes of the list of
 * rooms. The router (`route.ts`) takes it from there. Returns once Service Bus has it on disk.
 */
import type { Message } from '../../contract/messages.ts';
import { topic } from '../../contract/names.ts';
import { clock } from '../platform/clock.ts';
import { send, sendAt } from '../platform/service-bus.ts';
import { ofMessages, ofNumbers, toBusMessage, type Announcement, type RoomChange } from './announcement.ts';

export type { RoomChange } from './announcement.ts';

/** Tells the members of a room of messages that stand in its log. */
export async function announceMessages(roomId: string, messages: Message[]): Promise<void> {
  await send(topic, toBusMessage(ofMessages(roomId, messages)));
}

/** The same for messages that only their numbers are known of. */
export async function announceNumbers(roomId: string, seqs: number[]): Promise<void> {
  await send(topic, toBusMessage(ofNumbers(roomId, seqs)));
}

/** Tells everybody who shows the list of rooms that a room is new, changed or removed. */
export async function announceRoom(change: RoomChange): Promise<void> {
  await send(topic, toBusMessage({ kind: 'rooms', changes: [change] }));
}

/** Says something again, some seconds from now. */
export async function announceLater(said: Announcement, seconds: number): Promise<void> {
  await sendAt(topic, toBusMessage(said), new Date(clock.now().getTime() + seconds * 1_000));
}
