/** Settling received messages: in the trigger's name, never for longer than it is worth, and as far as faults let it. */
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { Faults } from '../../fault-injection/faults.ts';
import type { Log } from '../log.ts';
import { entityPath, type Entity } from './entity.ts';

/** Milliseconds. */
const settleLimit = 1_000;

export interface Settling {
  entity: Entity;
  log: Log;
  faults: Faults;
  /** The function that the messages are for. */
  definition: { name: string };
}

export type Settler = Pick<ServiceBusReceiver, 'completeMessage' | 'abandonMessage'>;

/**
 * Settles a message. That it cannot be is only logged: the namespace hands it out again when its lock ends.
 * Returns at the latest after a second, since the SDK waits out its time limit when a connection breaks meanwhile.
 */
export async function settle(
  receiver: Settler,
  { message, how }: { message: ServiceBusReceivedMessage; how: 'complete' | 'abandon' },
  settling: Settling,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, settleLimit);
  });
  await Promise.race([attempt(receiver, { message, how }, settling), patience]);
  clearTimeout(timer);
}

async function attempt(
  receiver: Settler,
  { message, how }: { message: ServiceBusReceivedMessage; how: 'complete' | 'abandon' },
  { entity, log, faults, definition }: Settling,
): Promise<void> {
  // Whatever the fault, the namespace hears nothing; a fault after it would change nothing.
  if (faults.any && (await faults.meet(`${how} ${definition.name}`)).kind !== 'pass') return;
  try {
    if (how === 'complete') await receiver.completeMessage(message);
    else await receiver.abandonMessage(message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.write(
      'warning',
      'Host.ServiceBus',
      `Message ${String(message.messageId)} of ${entityPath(entity)} has lost its lock (${how}): ${reason}`,
    );
  }
}
