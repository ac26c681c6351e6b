/** What a fault on request does to an HTTP request, be it one of REST or a handshake. */
import type { Duplex } from 'node:stream';
import type { Fault } from '../fault-injection/fault.ts';
import type { Faults } from '../fault-injection/faults.ts';
import { faultOnRequest } from './errors.ts';

/** An operation that comes by HTTP. */
export interface HttpOperation {
  /** As faults know it, such as `sendToGroup chat/room-x`. */
  name: string;
  socket: Duplex;
}

/**
 * Does what the faults in force say. Answers whether that was the end of the request: it gets no answer, then.
 * Throws the `Refusal` of a fault that is an error.
 */
export async function isStruck(
  faults: Faults,
  { name, socket }: HttpOperation,
  when: Fault['when'],
): Promise<boolean> {
  if (!faults.any) return false;
  const verdict = await faults.meet(name, when);
  switch (verdict.kind) {
    case 'pass':
      return false;
    case 'drop':
      return true;
    case 'disconnect':
      socket.destroy();
      return true;
    case 'error':
      throw faultOnRequest(verdict.error, verdict.retryAfter);
  }
}
