/**
 * What this program uses of rhea beyond its typings, in one place: a new version of rhea is checked against this file.
 */
import type { Socket } from 'node:net';
import rhea, {
  type Connection,
  type Delivery,
  type Receiver,
  type Sender,
  type Session,
  type Typed,
} from 'rhea';

interface OutgoingWindow {
  available(): number;
  /** The id of the first delivery that was not written yet. */
  next_pending_delivery: number;
}

interface TransferFrame {
  performative: { message_format?: number | null };
}

/**
 * Has rhea refuse an array of more elements than it could hold: those of some types take no bytes, and a few bytes
 * would claim billions of them.
 */
function guardArrays(): void {
  const { prototype } = (rhea.types as unknown as { Reader: { prototype: ArrayReader } }).Reader;
  const readItems = prototype.read_array_items;
  prototype.read_array_items = function (count, type) {
    if (count > this.remaining()) throw new RangeError(`An array of ${count} elements ends too early.`);
    return readItems.call(this, count, type);
  };
}

interface ArrayReader {
  remaining(): number;
  read_array_items: (this: ArrayReader, count: number, type: unknown) => unknown;
}

guardArrays();

/** Serves a client on a socket that was accepted elsewhere. */
export function serveSocket(connection: Connection, socket: Socket): void {
  (connection as unknown as { accept(socket: Socket): void }).accept(socket);
}

/** What rhea allows the session to send before something of it is settled. */
export function outgoingWindow(session: Session): OutgoingWindow {
  return (session as unknown as { outgoing: OutgoingWindow }).outgoing;
}

/** The credit that the peer gave and that was not used by what was written. */
export function creditOf(link: Sender | Receiver): number {
  return (link as unknown as { credit: number }).credit;
}

export function isDraining(link: Sender): boolean {
  return (link as unknown as { _draining: boolean })._draining === true;
}

/** Uses up the credit of a link that its peer drains, and says so. */
export function finishDrain(link: Sender): void {
  link.set_drained(true);
  // Outside of rhea's own events nothing else has it write.
  (link.connection as unknown as { _register(): void })._register();
}

/** Fields of our answer to an attach; to be set within the event that tells of it. */
export function answerAttach(link: Sender | Receiver, fields: Record<string, unknown>): void {
  Object.assign((link as unknown as { local: { attach: object } }).local.attach, fields);
}

/** Keeps back our answer to an attach until `link.open()`; to be called within the event that tells of it. */
export function withholdAttach(link: Sender | Receiver): void {
  Object.assign((link as unknown as { state: object }).state, { local_open: false, open_requests: 0 });
}

/** Whether the client still has the link open, whatever we answered. */
export function isWanted(link: Sender | Receiver): boolean {
  return (link as unknown as { is_remote_open(): boolean }).is_remote_open();
}

/**
 * Marks a delivery as settled by both sides. In peek-lock the client's SDK never sends a settled disposition after
 * ours, so that rhea would keep every delivery, and stop at the end of its window.
 */
export function forget(delivery: Delivery): void {
  Object.assign(delivery, { settled: true, remote_settled: true });
}

/** The fields of an outcome with their exact types. */
export function outcomeFields(delivery: Delivery): (Typed | undefined)[] {
  const fields: unknown = delivery.remote_state?.['value'];
  return Array.isArray(fields) ? (fields as Typed[]) : [];
}

// No format that a client uses; rhea leaves the bytes of all but format 0 alone.
const plainFormat = 0x7fff_fffe;

/** Has rhea hand over the bytes of every message, not its own reading of them, in which types are lost. */
export function keepBytes(session: Session): void {
  const open = session as unknown as { on_transfer: (frame: TransferFrame) => void };
  const onTransfer = open.on_transfer.bind(session);
  open.on_transfer = (frame) => {
    if (!frame.performative.message_format) frame.performative.message_format = plainFormat;
    onTransfer(frame);
  };
}

/** What was received, with the format that its sender gave; to be called within the event `message`. */
export function receivedBytes(context: { message?: unknown; delivery?: Delivery | undefined }): {
  bytes: Buffer;
  format: number;
} {
  const format = context.delivery?.format ?? 0;
  const bytes = Buffer.isBuffer(context.message) ? context.message : Buffer.alloc(0);
  return { bytes, format: format === plainFormat ? 0 : format };
}
