/** Who may act on whom, so that only what is allowed is offered. The server decides; this only keeps menus honest. */
import type { Role } from '../../contract/rooms.ts';

export function isModerator(role: Role | undefined): boolean {
  return role === 'owner' || role === 'moderator';
}

/** An owner acts on everybody else, a moderator on members. @param theirs undefined for somebody who has left */
export function mayActOn(mine: Role | undefined, theirs: Role | undefined): boolean {
  return mine === 'owner' || (mine === 'moderator' && theirs !== 'owner' && theirs !== 'moderator');
}
