/** Keeps the locks of received messages while they are held. One mechanism for messages that run and that wait. */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';

/** What renews a lock; it also writes the new end into the message. */
export interface LockRenewer {
  renewMessageLock(message: ServiceBusReceivedMessage): Promise<Date>;
}

export interface HeldLock {
  /** Whether the namespace has, as far as we know, given the message to nobody else. */
  isKept(): boolean;
  release(): void;
}

/** Renews a message's lock at half its time, for at most `limit` milliseconds or until it is released. */
export function holdLock(renewer: LockRenewer, message: ServiceBusReceivedMessage, limit: number): HeldLock {
  const giveUpAt = Date.now() + limit;
  let timer: NodeJS.Timeout | undefined;
  let isReleased = false;

  const left = (): number =>
    message.lockedUntilUtc ? message.lockedUntilUtc.getTime() - Date.now() : Infinity;
  const schedule = (): void => {
    const wait = left() / 2;
    if (isReleased || !Number.isFinite(wait) || Date.now() + wait >= giveUpAt) return;
    timer = setTimeout(
      () => {
        renewer.renewMessageLock(message).then(schedule, () => {
          // While the namespace is away there may still be time to try again; a lost lock stays lost.
          if (left() > 0) timer = setTimeout(schedule, 500);
        });
      },
      Math.max(wait, 0),
    );
  };
  schedule();
  return {
    isKept: () => left() > 0,
    release: () => {
      isReleased = true;
      clearTimeout(timer);
    },
  };
}
