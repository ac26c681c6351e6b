/** Looking at what lies there, without touching it. */
import type { ServiceBusReceiver } from '@azure/service-bus';
import Long from 'long';
import { readLetter, type Letter } from './letter.ts';

/** Which letters are meant: those of these numbers, or all; of those that have this reason; the oldest so many. */
export interface Selection {
  numbers?: ReadonlySet<string> | undefined;
  reason?: string | undefined;
  limit?: number | undefined;
}

const pageSize = 100;

/** The letters of a source that are meant, oldest first, page after page. */
export async function* browse(receiver: ServiceBusReceiver, selection: Selection): AsyncGenerator<Letter> {
  const { numbers, reason, limit = Infinity } = selection;
  let found = 0;
  for await (const letter of everything(receiver)) {
    if (numbers && !numbers.has(letter.number)) continue;
    if (reason !== undefined && letter.reason !== reason) continue;
    if (found >= limit) return;
    found += 1;
    yield letter;
  }
}

async function* everything(receiver: ServiceBusReceiver): AsyncGenerator<Letter> {
  // Said each time: the SDK would go on where any receiver of the client peeked last.
  let from = Long.ZERO;
  for (;;) {
    const page = await receiver.peekMessages(pageSize, { fromSequenceNumber: from });
    for (const message of page) yield readLetter(message);
    const last = page.at(-1)?.sequenceNumber;
    // A page may be short of what was asked for while more lies there.
    if (last === undefined) return;
    from = last.add(1);
  }
}
