/** A link on which a client sends: what arrives goes to an inbox, and is accepted once it is on the disk. */
import rhea, { type Delivery, type EventContext, type Receiver } from 'rhea';
import type { Inbox } from '../broker/inbox.ts';
import { readArrivals } from './arrival.ts';
import { messageSizeExceeded, wireError } from './errors.ts';
import type { Guard, Struck } from './guard.ts';
import { answerAttach, creditOf, forget, receivedBytes } from './rhea-internals.ts';

/** Bytes; that of the Standard tier. */
export const maxMessageSize = 262_144;

/**
 * A little less than a session of rhea holds. Generous, because the SDK that finds no credit for a second waits for 30.
 */
const creditWindow = 2_000;

const outcomes = rhea.message as unknown as {
  accepted(): { described(): unknown };
  rejected(fields: { error: { condition: string; description: string } }): { described(): unknown };
};

/** Where a link leads. */
export interface Destination {
  inbox: Inbox;
  /** The path of the entity, as the client wrote it. */
  entity: string;
  guard: Guard;
}

/** Serves a link that was just attached. */
export function serveProducer(link: Receiver, destination: Destination): void {
  answerAttach(link, { max_message_size: maxMessageSize });
  link.add_credit(creditWindow);
  link.on('message', (context: EventContext) => {
    // Credit comes back in large steps: a flow for every message would double the frames.
    const used = creditWindow - creditOf(link);
    if (used > creditWindow / 8) link.add_credit(used);
    const { bytes, format } = receivedBytes(context);
    void receive(destination, bytes, format).then((struck) => settle(context.delivery!, struck));
  });
}

async function receive(
  { inbox, entity, guard }: Destination,
  bytes: Buffer,
  format: number,
): Promise<Struck | undefined> {
  if (bytes.length > maxMessageSize) return messageSizeExceeded(bytes.length, maxMessageSize);
  try {
    const struck = guard.any ? await guard.meet(`send ${entity}`) : undefined;
    if (struck) return struck;
    const arrivals = readArrivals(bytes, format);
    await inbox.send(arrivals);
    guard.note('send', entity, arrivals.length === 1 ? arrivals[0]!.id : `${arrivals.length} messages`);
    return guard.any ? await guard.meet(`send ${entity}`, 'after') : undefined;
  } catch (error) {
    return wireError(error);
  }
}

function settle(delivery: Delivery, struck: Struck | undefined): void {
  if (struck === undefined) {
    delivery.update(true, outcomes.accepted().described());
    return;
  }
  // Or rhea would keep it, and take nothing more in the end.
  if (typeof struck === 'string') return forget(delivery);
  const { condition, description } = struck;
  delivery.update(true, outcomes.rejected({ error: { condition, description } }).described());
}
