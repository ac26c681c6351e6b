/** What an instance of the app can be asked to do: one module graph of the functions, loaded anew for each. */
export { answerInvitation, enterByLink, invite, revoke } from '../../functions/invitations/invitations.ts';
export { decideRequest, requestToJoin, withdraw } from '../../functions/invitations/requests.ts';
export { readOldIntents } from '../../functions/intents/intents.ts';
export { sweep } from '../../functions/intents/sweep.ts';
export { join, leave } from '../../functions/membership/membership.ts';
export { changeRole } from '../../functions/membership/roles.ts';
export { deliver } from '../../functions/messages/delivery.ts';
export { publish } from '../../functions/messages/publish.ts';
export { remove } from '../../functions/moderation/removal.ts';
export { ban, lift, mute } from '../../functions/moderation/restrictions.ts';
export { clock } from '../../functions/platform/clock.ts';
export { ProblemError } from '../../functions/platform/problem.ts';
export { settings } from '../../functions/platform/settings.ts';
export { connected, connecting, disconnected } from '../../functions/presence/lifecycle.ts';
export { createRoom } from '../../functions/rooms/creation.ts';
export { deleteRoom, eraseStep } from '../../functions/rooms/deletion.ts';
export { changeRoom } from '../../functions/rooms/change.ts';
