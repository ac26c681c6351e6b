/** A link on which a client sends: what arrives goes to an inbox, and is accepted once it is on the disk. */
import rhea, { type Delivery, type EventContext, type Receiver } from 'rhea';
import type { Inbox } from '../broker/inbox.ts';
import { readArrivals } from './arrival.ts';
import { messageSizeExceeded, wireError, type WireError } from './errors.ts';
import { answerAttach, creditOf, receivedBytes } from './rhea-internals.ts';

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

/** Serves a link that was just attached. */
export function serveProducer(link: Receiver, inbox: Inbox): void {
  answerAttach(link, { max_message_size: maxMessageSize });
  link.add_credit(creditWindow);
  link.on('message', (context: EventContext) => {
    // Credit comes back in large steps: a flow for every message would double the frames.
    const used = creditWindow - creditOf(link);
    if (used > creditWindow / 8) link.add_credit(used);
    const { bytes, format } = receivedBytes(context);
    void receive(inbox, bytes, format).then((error) => settle(context.delivery!, error));
  });
}

async function receive(inbox: Inbox, bytes: Buffer, format: number): Promise<WireError | undefined> {
  if (bytes.length > maxMessageSize) return messageSizeExceeded(bytes.length, maxMessageSize);
  try {
    await inbox.send(readArrivals(bytes, format));
    return undefined;
  } catch (error) {
    return wireError(error);
  }
}

function settle(delivery: Delivery, error: WireError | undefined): void {
  if (error === undefined) {
    delivery.update(true, outcomes.accepted().described());
    return;
  }
  const { condition, description } = error;
  delivery.update(true, outcomes.rejected({ error: { condition, description } }).described());
}
