/** Blocks: a person keeps somebody's messages folded away, for themselves alone, in every room. */
import { limits } from '../../contract/rooms.ts';
import { ProblemError } from '../platform/problem.ts';
import { nameOf } from '../presence/presence.ts';
import { deleteBlock, readBlocks, writeBlock, type BlockRow } from './store.ts';

/** Whom a person has blocked. */
export function listBlocks(userId: string): Promise<BlockRow[]> {
  return readBlocks(userId, limits.blocks);
}

/** Blocks somebody; twice is as once. Throws `not_allowed` for oneself, and beyond the most that one may block. */
export async function block(userId: string, blocked: string): Promise<void> {
  if (blocked === userId) throw new ProblemError('not_allowed', 'You cannot block yourself.');
  const known = await readBlocks(userId, limits.blocks);
  if (known.length >= limits.blocks && known.every(({ user_id }) => user_id !== blocked)) {
    throw new ProblemError(
      'not_allowed',
      `You have blocked ${limits.blocks} people. Unblock somebody first.`,
    );
  }
  await writeBlock(userId, { user_id: blocked, name: await nameOf(blocked) });
}

/** Ends a block; one that is not there is no error. */
export function unblock(userId: string, blocked: string): Promise<void> {
  return deleteBlock(userId, blocked);
}
