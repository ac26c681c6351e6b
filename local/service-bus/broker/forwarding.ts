/**
 * Forwarding: whatever is to be had from a queue goes on to another entity, in the transaction in which it leaves. What
 * cannot go on is a dead letter of the transfer.
 */
import type { Inbox } from './inbox.ts';
import type { Queue } from './queue.ts';
import type { Stamp } from './queue-terms.ts';
import { Refusal } from './refusal.ts';

/** A message that was forwarded so often goes no further. */
const mostHops = 4;

export interface ForwardingParts {
  /** The queue, or its dead letters. */
  from: Queue;
  to: Inbox;
  /** The path of the entity, where its dead letters are forwarded. */
  deadLettersOf?: string | undefined;
  /** Where that ends which cannot go on. */
  failed: Queue;
  stamp: Stamp;
}

/** Forwards all that is there and all that comes. */
export function forward({ from, to, deadLettersOf, failed, stamp }: ForwardingParts): void {
  from.addConsumer({
    credit: Infinity,
    locks: false,
    take: (message) => {
      try {
        if (message.hops >= mostHops) {
          throw new Refusal('not-allowed', `The message was forwarded ${mostHops} times already.`);
        }
        const { id, content, timeToLive, session, originalSequence } = message;
        const hops = message.hops + 1;
        const deadLetterSource = deadLettersOf ?? message.deadLetterSource;
        to.takeForwarded({ id, content, timeToLive, session, hops, deadLetterSource }, originalSequence);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const reason = message.hops >= mostHops ? 'MaxTransferHopCountExceeded' : 'TransferRefused';
        failed.adopt({ ...message, content: stamp(message.content, reason, error.message) });
      }
    },
  });
  from.deliver();
}
