/**
 * The router's rules: what came over the topic goes to the rooms it is for, parallel across rooms and in order inside
 * each. One that fails never holds up another: it is announced again for later, or rejected.
 */
import type { Message } from '../../contract/messages.ts';
import { roomGroup } from '../../contract/names.ts';
import type { ProblemCode } from '../../contract/problems.ts';
import { ProblemError } from '../platform/problem.ts';
import { inSpan } from '../platform/trace.ts';
import { pushToGroup } from '../realtime/push.ts';
import { announceLater } from './announce.ts';
import { ofNumbers, type RoomChange } from './announcement.ts';
import { understand, type Arrival, type Meaning } from './arrival.ts';
import { tellChanges } from './changes.ts';
import { cut, toFrames } from './frames.ts';
import { submit } from './lane.ts';
import { postpone, reject } from './reject.ts';
import { readLog, readMessages } from './store.ts';

/** Seconds after which what failed is tried again. */
export const laterSeconds = 10;

/** Milliseconds for which a message from outside is tried before it is put off. */
const patience = 20_000;

/** Bytes of numbers in one announcement, about a thousand numbers. */
const mostOfNumbers = 8 * 1_024;

type Part = { arrival: Arrival; meaning: Extract<Meaning, { kind: 'messages' | 'outside' }> };

/**
 * Delivers a batch. Throws only where something could neither be delivered nor sent on, after all the rest is done:
 * then the whole batch comes again, which harms nobody.
 */
export async function deliver(arrivals: Arrival[]): Promise<void> {
  const rooms = new Map<string, Part[]>();
  const changes: RoomChange[] = [];
  const work: Promise<unknown>[] = [];
  for (const arrival of arrivals) {
    const meaning = understand(arrival);
    switch (meaning.kind) {
      case 'messages':
      case 'outside':
        rooms.set(meaning.room_id, [...(rooms.get(meaning.room_id) ?? []), { arrival, meaning }]);
        break;
      case 'rooms':
        changes.push(...meaning.changes);
        break;
      case 'unroutable':
        work.push(reject(arrival, meaning.reason, meaning.description));
    }
  }
  for (const [roomId, parts] of rooms) work.push(deliverToRoom(roomId, parts));
  work.push(tellChanges(changes));
  raise(await Promise.allSettled(work));
}

/** Throws what failed, if anything did. */
function raise(outcomes: PromiseSettledResult<unknown>[]): void {
  const reasons = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (reasons.length > 0) throw new AggregateError(reasons, reasons.map(String).join('; '));
}

async function deliverToRoom(roomId: string, parts: Part[]): Promise<void> {
  /** What is to be pushed, by number; undefined where only the number is known. */
  const due = new Map<number, Message | undefined>();
  const outside: Promise<Message | undefined>[] = [];
  for (const { arrival, meaning } of parts) {
    if (meaning.kind === 'outside') {
      outside.push(appendOutside(arrival, meaning));
      continue;
    }
    for (const seq of meaning.seqs) if (!due.has(seq)) due.set(seq, undefined);
    for (const message of meaning.messages ?? []) due.set(message.seq, message);
  }
  const appended = await Promise.allSettled(outside);
  for (const outcome of appended) {
    if (outcome.status === 'fulfilled' && outcome.value) due.set(outcome.value.seq, outcome.value);
  }
  try {
    await push(roomId, due);
  } catch (error) {
    report('A push failed and is put off', roomId, error);
    // After a long outage they are many; each announcement takes as many as a router can hold.
    for (const seqs of cut([...due.keys()], mostOfNumbers)) {
      await announceLater(ofNumbers(roomId, seqs), laterSeconds);
    }
  }
  raise(appended);
}

/** Appends a message from outside; undefined where it is rejected or put off. */
async function appendOutside(
  arrival: Arrival,
  meaning: Extract<Meaning, { kind: 'outside' }>,
): Promise<Message | undefined> {
  const { room_id, draft } = meaning;
  try {
    return await submit(room_id, draft, { patience, announced: false });
  } catch (error) {
    if (error instanceof ProblemError && isFinal(error.code)) {
      await reject(arrival, error.code, error.message);
    } else {
      report('A message from outside is put off', room_id, error);
      await postpone(arrival, draft.message_id, laterSeconds);
    }
    return undefined;
  }
}

const isFinal = (code: ProblemCode): code is 'room_not_found' | 'message_id_in_use' =>
  code === 'room_not_found' || code === 'message_id_in_use';

const report = (what: string, roomId: string, error: unknown): void =>
  console.error(JSON.stringify({ what, roomId, error: String(error) }));

/** Pushes to a room in the order of the numbers, and takes out of `due` what is done. */
async function push(roomId: string, due: Map<number, Message | undefined>): Promise<void> {
  if (due.size === 0) return;
  const messages = await complete(roomId, due);
  // Last of all: whoever deletes a room closes its log first, and nothing is pushed after that was read.
  const log = await readLog(roomId);
  if (!log || log.closed) return due.clear();
  for (const frame of toFrames(roomId, messages)) {
    const message_ids = frame.messages.map(({ message_id }) => message_id);
    await inSpan('deliver', { room_id: roomId, message_ids }, () =>
      pushToGroup(roomGroup(roomId), frame.body),
    );
    for (const { seq } of frame.messages) due.delete(seq);
  }
}

/** The messages in order; those that only their numbers are known of come from the log, a request for each run. */
async function complete(roomId: string, due: Map<number, Message | undefined>): Promise<Message[]> {
  const numbers = [...due.keys()].toSorted((left, right) => left - right);
  const unknown = numbers.filter((seq) => !due.get(seq));
  const read = await Promise.all(runs(unknown).map(({ first, last }) => readMessages(roomId, first, last)));
  const known = [...due.values()].filter((message) => message !== undefined);
  return [...known, ...read.flat()].toSorted((left, right) => left.seq - right.seq);
}

/** Ascending numbers as runs without a gap. */
export function runs(numbers: number[]): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const run = found.at(-1);
    if (run && run.last + 1 === number) run.last = number;
    else found.push({ first: number, last: number });
  }
  return found;
}
