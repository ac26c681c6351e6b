/**
 * The calls of the REST API as data: what each takes, what it answers and what it refuses with. `openapi.ts` makes
 * the OpenAPI document of it.
 */
import type { Calls } from './calls/call.ts';
import { identityCalls } from './calls/identity.ts';
import { invitationsCalls } from './calls/invitations.ts';
import { messagesCalls } from './calls/messages.ts';
import { moderationCalls } from './calls/moderation.ts';
import { operationsCalls } from './calls/operations.ts';
import { roomsCalls } from './calls/rooms.ts';

export type { Call } from './calls/call.ts';

export const calls: Calls = {
  ...identityCalls,
  ...roomsCalls,
  ...invitationsCalls,
  ...messagesCalls,
  ...moderationCalls,
  ...operationsCalls,
};
