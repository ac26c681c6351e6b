/** The sweep, for publishes only, and without patience: it takes every intent for an old one. */
import { readOldIntents, removeIntent } from '../../../functions/intents/intents.ts';
import { finishPublish } from '../../../functions/messages/finish.ts';
import { settings } from '../../../functions/platform/settings.ts';

async function* everyIntent() {
  // Below zero, or what was written in this second of the storage's clock would not be old yet.
  settings().INTENT_SECONDS = -10;
  yield* readOldIntents();
}

export async function sweep(): Promise<void> {
  for await (const { handle, intent } of everyIntent()) {
    if (intent.kind === 'publish') await finishPublish(intent);
    await removeIntent(handle);
  }
}

export async function countIntents(): Promise<number> {
  let count = 0;
  for await (const _ of everyIntent()) count += 1;
  return count;
}
