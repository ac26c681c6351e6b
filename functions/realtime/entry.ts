/** Letting a connection in: that the session which asked for its address has not ended since. */
import * as z from 'zod/mini';
import { readTicket } from '../identity/token.ts';
import { isCurrent, readUser } from '../identity/users.ts';
import { ProblemError } from '../platform/problem.ts';
import { connecting, disconnected } from '../presence/lifecycle.ts';
import type { CloudEvent } from './cloud-event.ts';

/** The query parameter of the address that carries the ticket of `POST /negotiate`. */
export const ticketParameter = 'hubbub_ticket';

const connectBody = z.object({ query: z.record(z.string(), z.array(z.string())) });

/** A connection is about to open: the groups that it is in. Throws `unauthenticated`, `unavailable`. */
export async function enter({ userId, connectionId }: CloudEvent, body: string): Promise<string[]> {
  const text = ticketOf(body);
  const ticket = text === undefined ? undefined : await readTicket(text);
  // An address without its ticket is good for guests who never signed out, of whom nothing is stored.
  const person = text === undefined ? { user_id: userId, name: '', kind: 'guest' as const } : ticket;
  if (person?.user_id !== userId) throw refused();
  const groups = await connecting(userId, connectionId, person.session_id);
  // After the row is written: who signs out from now on finds and closes the connection.
  const user = await readUser(userId);
  if (isCurrent(person, user) && (ticket || !user)) return groups;
  await disconnected(userId, connectionId);
  throw refused();
}

function ticketOf(body: string): string | undefined {
  try {
    return connectBody.parse(JSON.parse(body)).query[ticketParameter]?.[0];
  } catch {
    return undefined;
  }
}

const refused = (): ProblemError =>
  new ProblemError('unauthenticated', 'Connect with a new address of POST /negotiate.');
