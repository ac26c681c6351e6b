/** Finishes what was left under way: every 30 s the intents that are too old, every ten minutes the connections. */
import { app } from '@azure/functions';
import { finishEndSessions } from '../identity/sessions.ts';
import { finishLeave, finishMembership } from '../membership/membership.ts';
import { finishStanding } from '../membership/roles.ts';
import { finishPublish } from '../messages/finish.ts';
import { finishBan } from '../moderation/restrictions.ts';
import { finishDeletePerson } from '../people/departure.ts';
import { ProblemError } from '../platform/problem.ts';
import { pruneConnections } from '../presence/lifecycle.ts';
import { ensureGeneral, finishCreate } from '../rooms/creation.ts';
import { supersede } from '../rooms/carried-change.ts';
import { finishDelete } from '../rooms/deletion.ts';
import { finishUnlisting } from '../rooms/kinds.ts';
import { finishRename } from '../rooms/renaming.ts';
import { readOldIntents, removeIntent, type Intent } from './intents.ts';

type Finishers = { [Kind in Intent['kind']]: (intent: Extract<Intent, { kind: Kind }>) => Promise<unknown> };

/** Finishes a change of a room's row, of which whoever began it may only be asleep. */
const superseding =
  <Of extends { room_id: string }>(finish: (intent: Of) => Promise<unknown>) =>
  async (intent: Of): Promise<unknown> => {
    await supersede(intent.room_id);
    return finish(intent);
  };

const finishers: Finishers = {
  publish: finishPublish,
  create: finishCreate,
  rename: superseding(({ room_id, old, name }) => finishRename(room_id, { old, name })),
  delete: superseding(({ room_id }) => finishDelete(room_id)),
  join: (intent) => finishMembership(intent, intent.room_id),
  leave: (intent) => finishLeave(intent, intent.room_id),
  end_sessions: finishEndSessions,
  delete_person: ({ user_id }) => finishDeletePerson(user_id),
  ban: superseding(({ room_id, user_id }) => finishBan(room_id, user_id)),
  standing: superseding(({ room_id, user_ids }) => finishStanding(room_id, user_ids)),
  unlist: superseding(({ room_id, name }) => finishUnlisting(room_id, name)),
};

/** Carries one intent to its end. A refusal is an end: the change was taken back. */
async function finish(intent: Intent): Promise<void> {
  try {
    await finishers[intent.kind](intent as never);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.toProblem().status >= 500) throw error;
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
