/**
 * The end of a publish whose process died between its intent and its answer. The sweep and the router call it;
 * running it twice, or beside the publish itself, does no harm.
 */
import type { Intent } from '../intents/intents.ts';
import { WriteConflict } from '../platform/tables.ts';
import { announceNumbers } from './announce.ts';
import { readLog, readNumber, touchLog } from './store.ts';

/**
 * Announces what of the intent stands in the log, and makes sure that nothing of it can come to stand there later,
 * unannounced. After that the intent may go; what is thrown means that it must stay.
 */
export async function finishPublish(intent: Extract<Intent, { kind: 'publish' }>): Promise<'done'> {
  const { room_id, message_ids } = intent;
  let seqs = await readNumbers(room_id, message_ids);
  if (seqs.length < message_ids.length) {
    // The publisher may only be asleep, with its append before it. That append holds the ETag of a log that was
    // read before the intent was written: changing it now ends it for good, and what stands then is all there is.
    await supersede(room_id);
    seqs = await readNumbers(room_id, message_ids);
  }
  if (seqs.length > 0) await announceNumbers(room_id, seqs);
  return 'done';
}

async function readNumbers(roomId: string, messageIds: string[]): Promise<number[]> {
  const found = await Promise.all(messageIds.map((messageId) => readNumber(roomId, messageId)));
  return found.filter((seq) => seq !== undefined).toSorted((left, right) => left - right);
}

/** From here on no append can succeed that read the log before. */
async function supersede(roomId: string): Promise<void> {
  const log = await readLog(roomId);
  if (!log || log.closed) return;
  try {
    await touchLog(roomId, log);
  } catch (error) {
    // Whoever was faster changed the ETag as well as we would have.
    if (!(error instanceof WriteConflict)) throw error;
  }
}
