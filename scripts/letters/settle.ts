/**
 * Takes chosen letters away, one by one: sent again first and only then removed, so that nothing is lost wherever the
 * command dies. What was sent and not removed is sent again the next time, which harms nobody (see `letter.ts`).
 */
import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { browse } from './browse.ts';
import { toResend } from './letter.ts';

export interface Outcome {
  done: number;
  /** Sent again, and yet there: their lock was lost. */
  kept: string[];
  /** Not there any more, or held by another receiver for longer than we waited. */
  missed: string[];
}

export interface Work {
  receiver: ServiceBusReceiver;
  /** The numbers of the letters. */
  chosen: ReadonlySet<string>;
  /** What is done with each before it is removed. */
  before: (message: ServiceBusReceivedMessage) => Promise<unknown>;
  progress: (done: number) => void;
}

/** Milliseconds for which letters are waited for that somebody else holds: a command that died holds some for a minute. */
const patience = 90_000;
/** Milliseconds after which we look whether what we wait for is still there. */
const pause = 5_000;
const batch = 50;

export async function settle({ receiver, chosen, before, progress }: Work): Promise<Outcome> {
  const left = new Set(chosen);
  const outcome: Outcome = { done: 0, kept: [], missed: [] };
  /** Those that are not meant, held so that they do not come again while we look for the others. */
  const held: ServiceBusReceivedMessage[] = [];
  let giveUp = Date.now() + patience;
  while (left.size > 0) {
    const messages = await receiver.receiveMessages(Math.min(left.size, batch), { maxWaitTimeInMs: pause });
    for (const message of messages) {
      const number = String(message.sequenceNumber);
      if (!left.delete(number)) {
        held.push(message);
        continue;
      }
      await before(message);
      if (await removed(receiver, message)) outcome.done += 1;
      else outcome.kept.push(number);
      progress(outcome.done);
    }
    if (messages.length > 0) giveUp = Date.now() + patience;
    else if (Date.now() > giveUp || !(await isThere(receiver, left))) break;
  }
  outcome.missed.push(...left);
  await Promise.all(held.map((message) => receiver.abandonMessage(message).catch(() => {})));
  return outcome;
}

/** What is sent again before a letter is removed. */
export function sendAgain(client: ServiceBusClient, destination: string): Work['before'] {
  const sender = client.createSender(destination);
  return (message) => sender.sendMessages(toResend(message));
}

async function removed(receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage): Promise<boolean> {
  try {
    await receiver.completeMessage(message);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'MessageLockLost') return false;
    throw error;
  }
}

async function isThere(receiver: ServiceBusReceiver, numbers: ReadonlySet<string>): Promise<boolean> {
  for await (const letter of browse(receiver, { numbers, limit: 1 })) return letter !== undefined;
  return false;
}
