/** Finishes what was left under way: every 30 s the intents that are too old, every ten minutes the connections. */
import { app } from '@azure/functions';
import { finishJoin, finishLeave, join } from '../membership/membership.ts';
import { finishPublish } from '../messages/finish.ts';
import { ProblemError } from '../platform/problem.ts';
import { pruneConnections } from '../presence/lifecycle.ts';
import { finishDelete } from '../rooms/deletion.ts';
import { showRoom } from '../rooms/directory.ts';
import { ensureGeneral, finishRename, openRoom, readRoom } from '../rooms/rooms.ts';
import { readOldIntents, removeIntent, type Intent } from './intents.ts';

const finishers: { [Kind in Intent['kind']]: (intent: Extract<Intent, { kind: Kind }>) => Promise<unknown> } =
  {
    publish: finishPublish,
    create: async ({ room_id, user_id, name }) => {
      if (await openRoom(room_id)) await join({ user_id, name }, room_id);
    },
    rename: async ({ room_id, old, name }) => {
      await finishRename(room_id, { old, name });
      await showAgain(room_id);
    },
    delete: ({ room_id }) => finishDelete(room_id),
    join: async ({ room_id, user_id, name }) => {
      await finishJoin(user_id, room_id, name);
      await showAgain(room_id);
    },
    leave: async ({ room_id, user_id }) => {
      await finishLeave(user_id, room_id);
      await showAgain(room_id);
    },
  };

/** Whoever counted somebody in or out may have died before the list heard of it. */
const showAgain = async (roomId: string): Promise<void> => showRoom(await readRoom(roomId));

/** Carries one intent to its end. A refusal is an end: the change was taken back. */
async function finish(intent: Intent): Promise<void> {
  try {
    await finishers[intent.kind](intent as never);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
}

/** Finishes every old intent; one that fails stays for the next time and holds up no other. */
export async function sweep(log: (line: string) => void): Promise<void> {
  for await (const { handle, intent } of readOldIntents()) {
    try {
      await finish(intent);
      await removeIntent(handle);
    } catch (error) {
      log(
        JSON.stringify({
          what: 'An intent could not be finished yet',
          kind: intent.kind,
          error: String(error),
        }),
      );
    }
  }
}

app.timer('sweep', {
  schedule: '*/30 * * * * *',
  runOnStartup: true,
  handler: async (_timer, context) => {
    await ensureGeneral();
    await sweep((line) => context.warn(line));
  },
});

app.timer('prune', { schedule: '0 */10 * * * *', handler: () => pruneConnections() });
