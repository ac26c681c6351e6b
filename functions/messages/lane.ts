/**
 * One lane for each room that is being written to, in this instance of the app: who comes while an append is under
 * way waits, and goes with the others in one transaction and one announcement. Who comes to an empty lane goes at
 * once. Knows how to carry a message from intent to announcement; who may send it is for `publish.ts` to say.
 */
import type { Message } from '../../contract/messages.ts';
import { removeIntent, writeIntent, type IntentHandle } from '../intents/intents.ts';
import { countMessages } from '../operations/counters.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { currentSpan, inSpan, type SpanContext } from '../platform/trace.ts';
import { announceMessages } from './announce.ts';
import { append, readOpenLog, type Draft, type Log, type Outcome } from './log.ts';

/** 49 messages are 98 rows; with the log row 99, and a transaction takes 100. */
const mostOfBatch = 49;

/** Milliseconds; an append that had to be tried again by the SDK is no measure. */
const mostOfPause = 1_000;

/** On what terms a message goes into the log. */
export interface Terms {
  /** Whether the sender may: checked beside the intent, so that it costs no time. */
  admitted?: Promise<unknown>;
  /** Asked once the log is known and the sender may: throws where the room wants them to wait. */
  pace?: (log: Log) => Promise<void>;
  /** For how long it is tried, in milliseconds, before it is refused as `busy`. */
  patience: number;
  /** Whether it is announced; else the caller tells people. */
  announced: boolean;
}

interface Entry extends Terms {
  draft: Draft;
  deadline: number;
  /** In which it was submitted. */
  span: SpanContext | undefined;
  resolve: (message: Message) => void;
  reject: (error: unknown) => void;
}

interface Lane {
  roomId: string;
  waiting: Entry[];
  /** The log after our last append. Known only while the lane is never empty: later it is stale. */
  log: Log | undefined;
  /** Milliseconds that the last append took. */
  roundTrip: number;
}

const lanes = new Map<string, Lane>();

/**
 * Answers the message as it stands in the log once that is so and, where the terms say so, announced. A repeat
 * answers as the first did. Throws `room_not_found`, `message_id_in_use`, `busy`, `not_announced` (it stands in the
 * log, and will be announced), what `admitted` throws, and what the storage throws.
 */
export function submit(roomId: string, draft: Draft, terms: Terms): Promise<Message> {
  terms.admitted?.catch(() => {}); // It is looked at later, and must not count as unhandled until then.
  return new Promise((resolve, reject) => {
    const deadline = clock.now().getTime() + terms.patience;
    const entry = { ...terms, draft, deadline, span: currentSpan(), resolve, reject };
    const lane = lanes.get(roomId);
    if (lane) lane.waiting.push(entry);
    else void drain({ roomId, waiting: [entry], log: undefined, roundTrip: 0 });
  });
}

async function drain(lane: Lane): Promise<void> {
  lanes.set(lane.roomId, lane);
  for (;;) {
    const batch = takeBatch(lane);
    if (batch.length === 0) break;
    try {
      await carry(lane, batch);
    } catch (error) {
      for (const entry of batch) entry.reject(error);
      lane.log = undefined;
    }
    // Who holds the newest ETag wins every append. Without this pause other instances would never get through.
    if (lane.waiting.length > 0) await clock.wait(clock.random() * Math.min(2 * lane.roundTrip, mostOfPause));
  }
  lanes.delete(lane.roomId);
}

/** The next to go, each message id once; who has waited too long is sent away. */
function takeBatch(lane: Lane): Entry[] {
  const now = clock.now().getTime();
  const batch = new Map<string, Entry>();
  const left: Entry[] = [];
  for (const entry of lane.waiting) {
    const { message_id } = entry.draft;
    if (entry.deadline <= now) entry.reject(busy());
    else if (batch.size < mostOfBatch && !batch.has(message_id)) batch.set(message_id, entry);
    else left.push(entry);
  }
  lane.waiting = left;
  return [...batch.values()];
}

const busy = (): ProblemError =>
  new ProblemError(
    'busy',
    'Too many are writing to this room at this moment. Send it again, with the same id.',
    {
      retryAfterSeconds: 1 + clock.random() * 2,
    },
  );

/** One batch, from the intent to the announcement. */
async function carry(lane: Lane, batch: Entry[]): Promise<void> {
  const { roomId } = lane;
  // First the log, then the intent: whoever finishes the intent ends with one write every append that read before.
  const log = lane.log ?? (await readOpenLog(roomId));
  const [intent, entries] = await Promise.all([intend(roomId, batch), admit(batch, log)]);
  if (entries.length === 0) return forget(intent);

  const begun = clock.now().getTime();
  const attempt = await append(
    roomId,
    log,
    entries.map(({ draft }) => draft),
  );
  lane.roundTrip = clock.now().getTime() - begun;
  lane.log = attempt.log;
  if (attempt.log) countMessages(roomId, entries.length);

  const again = entries.filter((_, index) => attempt.outcomes[index]?.kind === 'again');
  lane.waiting.unshift(...again);
  // The next append need not wait for this announcement: the numbers carry the order.
  tell(roomId, entries, attempt.outcomes).then(
    (told) => {
      if (told && !attempt.uncertain) forget(intent);
    },
    (error: unknown) => {
      for (const entry of entries) entry.reject(error);
    },
  );
}

async function intend(roomId: string, batch: Entry[]): Promise<IntentHandle | undefined> {
  const announced = batch.filter((entry) => entry.announced);
  if (announced.length === 0) return undefined;
  const message_ids = announced.map(({ draft }) => draft.message_id);
  return writeIntent({ kind: 'publish', room_id: roomId, message_ids });
}

/** Those of a batch who may send; the others are told so. */
async function admit(batch: Entry[], log: Log): Promise<Entry[]> {
  const answers = await Promise.allSettled(
    batch.map(async ({ admitted, pace }) => {
      await admitted;
      await pace?.(log);
    }),
  );
  return batch.filter((entry, index) => {
    const answer = answers[index];
    if (answer?.status === 'rejected') entry.reject(answer.reason);
    return answer?.status === 'fulfilled';
  });
}

/** Announces what is stored and answers everybody who has an outcome. Whether nothing is left to announce. */
async function tell(roomId: string, entries: Entry[], outcomes: Outcome[]): Promise<boolean> {
  const stored: { entry: Entry; message: Message }[] = [];
  for (const [index, entry] of entries.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === 'refused') entry.reject(outcome.error);
    else if (outcome?.kind === 'stored' && !entry.announced) entry.resolve(outcome.message);
    else if (outcome?.kind === 'stored') stored.push({ entry, message: outcome.message });
  }
  if (stored.length === 0) return true;
  try {
    const messages = stored.map(({ message }) => message);
    await inSpan(
      'announce',
      { room_id: roomId, message_ids: messages.map(({ message_id }) => message_id) },
      () => announceMessages(roomId, messages),
      // What goes together goes in the trace of the first; the others are found by their message ids.
      { cause: stored[0]!.entry.span },
    );
  } catch (cause) {
    const detail = 'The message is stored but not announced yet. Send it again, with the same id.';
    for (const { entry } of stored) {
      entry.reject(new ProblemError('not_announced', detail, { retryAfterSeconds: 1, cause }));
    }
    return false;
  }
  for (const { entry, message } of stored) entry.resolve(message);
  return true;
}

/** Nobody waits for it: an intent that stays is finished by the sweep, which announces once more. */
function forget(intent: IntentHandle | undefined): void {
  if (intent) removeIntent(intent).catch(() => {});
}
