/**
 * What becomes of a room whose owner goes out of it: it goes to the moderator who has been in it longest, else to the
 * member, in the transaction that counts the owner out; one with nobody else in it is deleted. An owner who leaves has
 * handed over before: this is for who became the owner while they were on their way out.
 */
import type { IntentHandle } from '../intents/intents.ts';
import { writeIntent } from '../intents/intents.ts';
import { ProblemError } from '../platform/problem.ts';
import { removeIntents } from '../rooms/carried-change.ts';
import { closeIfAlone } from '../rooms/deletion.ts';
import { ownerOf, type StoredRoom } from '../rooms/rooms.ts';
import { findLongestMember, findMember, findModerators } from './reading.ts';
import { finishStanding } from './roles.ts';
import type { Heir } from './store.ts';

export class Succession {
  readonly #roomId: string;
  readonly #userId: string;
  readonly #intents: IntentHandle[] = [];
  #heir: string | undefined;
  #isAlone = false;

  constructor(roomId: string, userId: string) {
    this.#roomId = roomId;
    this.#userId = userId;
  }

  /** Who gets the room, as it was read: undefined where it is not theirs to leave to anybody. */
  async find(room: StoredRoom, name: string): Promise<Heir | 'nobody' | undefined> {
    const userId = this.#userId;
    this.#heir = undefined;
    this.#isAlone = false;
    if (ownerOf(room) !== userId) return undefined;
    const moderator = (await findModerators(this.#roomId)).find((id) => id !== userId);
    const heir = moderator ?? (await findLongestMember(this.#roomId, userId));
    const member = heir === undefined ? undefined : await findMember(this.#roomId, heir);
    this.#isAlone = heir === undefined || member === undefined;
    if (heir === undefined || member === undefined) return 'nobody';
    this.#heir = heir;
    this.#intents.push(await writeIntent({ kind: 'standing', room_id: this.#roomId, user_ids: [heir] }));
    const act = { action: 'owner_changed', by: userId, by_name: name } as const;
    return { userId: heir, act: { ...act, target: heir, target_name: member.name } };
  }

  /** Carries on what was found last. Whether it came to its end; else it begins anew. */
  async finish(): Promise<boolean> {
    if (this.#isAlone) return closeIfAlone(this.#roomId, this.#userId);
    try {
      if (this.#heir !== undefined) await finishStanding(this.#roomId, [this.#heir]);
    } catch (error) {
      // It was deleted meanwhile.
      if (!(error instanceof ProblemError)) throw error;
    }
    removeIntents(this.#intents);
    return true;
  }
}
